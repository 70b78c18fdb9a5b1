/**
 * Listening: the parts of Jetty that every listener of the daemon shares, and a TCP port made of them.
 *
 * <p>{@link TcpPort} is one for a handler that it does not know. {@link Connections} closes connections that send no
 * request in time. {@link Senders} knows senders by address, bounds their connections and logs their refusals.
 * {@link BoundedHeads} limits the fields of a head. {@link Handshakes} logs failed TLS handshakes among the refusals of
 * their source.
 *
 * <p>{@link PemKeys} reads certificate and key, and {@link TlsRenewal} reads them again when their files have changed.
 * One certificate serves all names. All threads exist from the start: at the limit of processes none can be created.
 * The stop of a server is graceful for five seconds.
 */
@NullMarked
package io.leprechaun.daemon.http.port;

import org.jspecify.annotations.NullMarked;
