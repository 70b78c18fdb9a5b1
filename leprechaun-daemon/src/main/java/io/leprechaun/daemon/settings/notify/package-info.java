/** The settings of notices: their targets, and the rules for sending them. */
@NullMarked
package io.leprechaun.daemon.settings.notify;

import org.jspecify.annotations.NullMarked;
