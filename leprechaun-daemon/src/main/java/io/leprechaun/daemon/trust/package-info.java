/** The rules for the files that the daemon trusts: those that only root and its own user can change. */
@NullMarked
package io.leprechaun.daemon.trust;

import org.jspecify.annotations.NullMarked;
