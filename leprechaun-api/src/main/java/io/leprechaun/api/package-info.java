/**
 * The language that client and daemon share: commands and how they resolve to routes, what an agent registers, replies and their text, exit codes. Pure: no I/O but
 * to streams that are given, no threads, no server.
 */
@NullMarked
package io.leprechaun.api;

import org.jspecify.annotations.NullMarked;
