/** The senders of notices: one for each kind of target of the settings, and one for the addresses that recipes ping. */
@NullMarked
package io.leprechaun.daemon.notify.delivery;

import org.jspecify.annotations.NullMarked;
