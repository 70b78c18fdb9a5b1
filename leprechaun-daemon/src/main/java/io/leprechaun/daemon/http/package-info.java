/** The HTTP edge: the API on its Unix socket, the router, the hook listener. */
@NullMarked
package io.leprechaun.daemon.http;

import org.jspecify.annotations.NullMarked;
