/** The ways by which notices go out: mail, web addresses, a command, and the addresses that recipes ping. */
@NullMarked
package io.leprechaun.daemon.notify.delivery;

import org.jspecify.annotations.NullMarked;
