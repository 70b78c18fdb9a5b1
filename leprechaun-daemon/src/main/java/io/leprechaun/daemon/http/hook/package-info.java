/**
 * The server of the hook port: its connections, its limits, TLS, and the bodies that it receives.
 *
 * <p>{@link HookServer} listens and implements {@code HookListener} of the server agent, which knows no Jetty. It
 * serves {@code /hook}, {@code /hook/ID} and {@code /ping}, and nothing else. {@link HookHandler} reads a request
 * within limits and passes it to the agent's desk. Answers of the agent become HTTP here.
 *
 * <p>A sender may be slow, hostile or one of many:
 *
 * <ul>
 *   <li>{@link Callers} knows the senders by address. It closes connections of slow senders and of those with too many.
 *   <li>{@link BodyReader} counts bytes as they arrive. Up to 64 KiB stay in memory; a longer body is a file from the
 *       start, flushed before the hook is accepted.
 *   <li>{@link Shares} bounds a common resource, so that one source cannot take all of it.
 *   <li>{@link Waits} bounds the senders that wait for an outcome. A sender that disconnects waits no longer: the
 *       connection is read while its request is answered.
 *   <li>{@link Handshakes} logs failed TLS handshakes among the refusals of their source.
 * </ul>
 *
 * <p>{@link PemKeys} reads certificate and key, and {@link TlsRenewal} reads them again when their files have changed.
 * One certificate serves all names. All threads exist from the start: at the limit of processes none can be created.
 * The stop of the server is graceful for five seconds.
 */
@NullMarked
package io.leprechaun.daemon.http.hook;

import org.jspecify.annotations.NullMarked;
