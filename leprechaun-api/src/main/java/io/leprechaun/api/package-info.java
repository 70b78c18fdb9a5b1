/**
 * The language that client and daemon share: commands and their routes, the handlers of a service, replies and their
 * text, exit codes. Pure: no I/O except to given streams, no threads, no server.
 *
 * <p>A {@link Verb} stands once, in {@link Verbs}: synopsis, summary, options, examples, route, access, operands, and
 * the place of its answer. Help, {@code leprechaun(1)}, completion, routes and {@link Form#parse} are made of that
 * list. {@link AgentCommands} is the same for agents and the daemon. Verbs without an agent, such as {@code ls}, are
 * short names for commands of the registrators {@code book}, {@code history}, {@code hook} and {@code notify}. So every
 * verb has a route, JSON and an exit code.
 *
 * <p>{@link Command} splits words as a shell does, and expands nothing. {@link Resolver} maps them to a route. A
 * {@link Registrator} has a name and handlers; a {@link Handler} reads, changes or administers. Two services with one
 * route stop the start with both names. A {@link Reply} is a document in three forms, data, text and ids, or a stream
 * of bytes.
 */
@NullMarked
package io.leprechaun.api;

import org.jspecify.annotations.NullMarked;
