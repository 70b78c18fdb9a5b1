/**
 * The tokens with which programs use the API over TCP.
 *
 * <p>A token is shown once, when it is made. {@link Tokens} keeps a hash of it in {@code STATE/access/tokens}. A secret
 * of 256 random bits cannot be guessed, so a plain hash protects it (unlike that of a password).
 */
@NullMarked
package io.leprechaun.daemon.token;

import org.jspecify.annotations.NullMarked;
