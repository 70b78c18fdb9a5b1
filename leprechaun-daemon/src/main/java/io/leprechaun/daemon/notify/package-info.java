/** Tells people by mail what went wrong. */
@NullMarked
package io.leprechaun.daemon.notify;

import org.jspecify.annotations.NullMarked;
