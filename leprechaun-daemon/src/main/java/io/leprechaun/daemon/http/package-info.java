/**
 * The HTTP edge: the API on its Unix socket, and the router.
 *
 * <p>Jetty's core handlers serve requests, without servlets, on virtual threads. {@link ApiServer} is the Unix socket.
 * {@link ApiHandler} finds the handler of a path, and {@link Authorization} checks the caller once, with that handler.
 * The kernel names the caller's user (SO_PEERCRED). GET reads and POST changes; the wrong method gets 405 with
 * {@code Allow}. The client sends GET first, and POST after such an answer. So a new agent needs no change in the
 * client.
 *
 * <p>Paths under {@code /api/v1} are other names of commands ({@link Resource}), so both show the same data. Heads are
 * limited to 8 KiB and 100 fields; longer arguments belong in the body. Above 256 connections the one that is idle
 * longest is closed.
 */
@NullMarked
package io.leprechaun.daemon.http;

import org.jspecify.annotations.NullMarked;
