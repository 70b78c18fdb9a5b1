/**
 * The parts of the HTTP edge that only browsers need: the cookie of a session, the pages of the login, and the memory
 * of answers to forms.
 */
@NullMarked
package io.leprechaun.daemon.http.console;

import org.jspecify.annotations.NullMarked;
