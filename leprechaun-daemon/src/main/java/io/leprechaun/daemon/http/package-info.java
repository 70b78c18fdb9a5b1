/**
 * The HTTP edge: the API on its Unix socket and over TCP, and the router.
 *
 * <p>Jetty's core handlers serve requests, without servlets, on virtual threads. {@link ApiServer} is the Unix socket,
 * and {@link TcpApi} a TCP port. {@link ApiHandler} finds the handler of a path. The {@link Entrance} names the caller:
 * by the kernel at a socket (SO_PEERCRED), by a token or the cookie of a session over TCP. The caller's access is
 * compared once, with that handler. GET reads and POST changes; the wrong method gets 405 with {@code Allow}. The
 * client sends GET first, and POST after such an answer. So a new agent needs no change in the client.
 *
 * <p>Paths under {@code /api/v1} are other names of commands ({@link Resource}), so both show the same data. Heads are
 * limited to 8 KiB and 100 fields; longer arguments belong in the body. Above 256 connections the one that is idle
 * longest is closed.
 */
@NullMarked
package io.leprechaun.daemon.http;

import org.jspecify.annotations.NullMarked;
