/** Secrets, and the places where they lie. */
@NullMarked
package io.leprechaun.daemon.secret;

import org.jspecify.annotations.NullMarked;
