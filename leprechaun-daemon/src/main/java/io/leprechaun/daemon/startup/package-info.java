/**
 * The settings, the state folder and the reasons not to start: the first needs of the daemon and its offline commands.
 */
@NullMarked
package io.leprechaun.daemon.startup;

import org.jspecify.annotations.NullMarked;
