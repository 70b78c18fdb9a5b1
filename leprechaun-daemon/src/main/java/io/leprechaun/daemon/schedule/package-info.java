/** The schedules: pure functions from an instant to the next due instant, which read no clock. */
@NullMarked
package io.leprechaun.daemon.schedule;

import org.jspecify.annotations.NullMarked;
