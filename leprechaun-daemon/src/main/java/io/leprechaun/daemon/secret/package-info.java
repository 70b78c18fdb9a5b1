/** Secrets and their sources. */
@NullMarked
package io.leprechaun.daemon.secret;

import org.jspecify.annotations.NullMarked;
