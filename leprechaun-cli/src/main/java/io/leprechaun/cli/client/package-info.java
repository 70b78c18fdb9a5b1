/** HTTP/1.1 over the daemon's Unix socket, as much of it as the client needs, and where that socket is. */
@NullMarked
package io.leprechaun.cli.client;

import org.jspecify.annotations.NullMarked;
