/** The host's own time zone data. */
@NullMarked
package io.leprechaun.daemon.zone;

import org.jspecify.annotations.NullMarked;
