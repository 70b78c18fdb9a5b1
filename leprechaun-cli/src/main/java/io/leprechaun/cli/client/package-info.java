/** The part of HTTP/1.1 over the daemon's Unix socket that the client needs, and the search for that socket. */
@NullMarked
package io.leprechaun.cli.client;

import org.jspecify.annotations.NullMarked;
