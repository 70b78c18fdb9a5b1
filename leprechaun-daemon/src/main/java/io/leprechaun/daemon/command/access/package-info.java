/** The commands about callers of the API: their tokens, and the changes that they made. */
@NullMarked
package io.leprechaun.daemon.command.access;

import org.jspecify.annotations.NullMarked;
