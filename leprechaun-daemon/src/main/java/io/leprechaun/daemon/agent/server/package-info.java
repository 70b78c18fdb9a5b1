/**
 * The agent that runs recipes by webhook.
 *
 * <p>{@link Server} answers only after the commit. {@link Deliveries} recognises a repeated delivery, also after a
 * restart. {@link Intake} bounds the bytes that one recipe accepts. {@link HookListener} is an interface that
 * {@code http.hook} implements: the agent needs no HTTP server, and its tests need no port. The port is open while a
 * recipe takes hooks.
 */
@NullMarked
package io.leprechaun.daemon.agent.server;

import org.jspecify.annotations.NullMarked;
