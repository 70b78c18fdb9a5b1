/** The sockets of the API: their modes and groups, and the role that each user has at them. */
@NullMarked
package io.leprechaun.daemon.access;

import org.jspecify.annotations.NullMarked;
