/** The server of the hook port: its connections, its limits, TLS, and the bodies that it receives. */
@NullMarked
package io.leprechaun.daemon.http.hook;

import org.jspecify.annotations.NullMarked;
