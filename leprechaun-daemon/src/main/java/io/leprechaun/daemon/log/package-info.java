/** The daemon's own log: its lines, and the stream to which they are written. */
@NullMarked
package io.leprechaun.daemon.log;

import org.jspecify.annotations.NullMarked;
