/** When something is due: pure functions from instant to instant, which read no clock. */
@NullMarked
package io.leprechaun.daemon.schedule;

import org.jspecify.annotations.NullMarked;
