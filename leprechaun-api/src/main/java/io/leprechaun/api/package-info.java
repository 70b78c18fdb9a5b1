/**
 * The language that client and daemon share: commands and their routes, the handlers of a service, replies and their
 * text, exit codes. Pure: no I/O except to given streams, no threads, no server.
 */
@NullMarked
package io.leprechaun.api;

import org.jspecify.annotations.NullMarked;
