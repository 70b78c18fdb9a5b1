/** Sends notices to the targets that the settings name, and to the addresses that recipes ping. */
@NullMarked
package io.leprechaun.daemon.notify;

import org.jspecify.annotations.NullMarked;
