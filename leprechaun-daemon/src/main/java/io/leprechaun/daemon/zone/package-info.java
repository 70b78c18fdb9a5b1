/** The time zone data of the host. */
@NullMarked
package io.leprechaun.daemon.zone;

import org.jspecify.annotations.NullMarked;
