/**
 * The server of the hook port: its requests, and the bodies that it receives.
 *
 * <p>{@link HookServer} listens and implements {@code HookListener} of the server agent, which knows no Jetty. It
 * serves {@code /hook}, {@code /hook/ID} and {@code /ping}, and nothing else. {@link HookHandler} reads a request
 * within limits and passes it to the agent's desk. Answers of the agent become HTTP here.
 *
 * <p>A sender may be slow, hostile or one of many:
 *
 * <ul>
 *   <li>{@link Callers} knows the senders by address, also behind proxies.
 *   <li>{@link BodyReader} counts bytes as they arrive. Up to 64 KiB stay in memory; a longer body is a file from the
 *       start, flushed before the hook is accepted.
 *   <li>{@link Shares} bounds a common resource, so that one source cannot take all of it.
 *   <li>{@link Waits} bounds the senders that wait for an outcome. A sender that disconnects waits no longer: the
 *       connection is read while its request is answered.
 * </ul>
 */
@NullMarked
package io.leprechaun.daemon.http.hook;

import org.jspecify.annotations.NullMarked;
