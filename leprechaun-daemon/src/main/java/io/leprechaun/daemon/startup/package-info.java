/** What the daemon and its offline commands need first: the settings, the state folder, and the reasons not to start. */
@NullMarked
package io.leprechaun.daemon.startup;

import org.jspecify.annotations.NullMarked;
