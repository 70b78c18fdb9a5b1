/** The daemon's own log: its lines, and the stream they are written to. */
@NullMarked
package io.leprechaun.daemon.log;

import org.jspecify.annotations.NullMarked;
