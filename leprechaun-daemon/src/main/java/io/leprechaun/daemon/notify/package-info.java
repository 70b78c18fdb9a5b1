/** Tells people what went wrong: by mail, at web addresses, by a command of theirs. */
@NullMarked
package io.leprechaun.daemon.notify;

import org.jspecify.annotations.NullMarked;
