/**
 * The sessions of users in a browser.
 *
 * <p>{@link OneTimeLinks} holds the links and codes that {@code leprechaun console} prints, each for one login within a
 * minute. A login makes a {@link Session}. {@link Sessions} keeps the hash of its secret in
 * {@code STATE/access/sessions}, so that a session outlives the daemon.
 *
 * <p>Cookies ignore ports: a server of another user on a loopback address is sent ours. A session over a loopback
 * address is therefore bound to the user at the other end of the connection, which {@link PeerUid} finds.
 */
@NullMarked
package io.leprechaun.daemon.session;

import org.jspecify.annotations.NullMarked;
