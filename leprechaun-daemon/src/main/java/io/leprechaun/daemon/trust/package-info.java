/** Which files the daemon takes at their word: those that nobody but root and its own user can change. */
@NullMarked
package io.leprechaun.daemon.trust;

import org.jspecify.annotations.NullMarked;
