/** The command that follows events, in its forms. */
@NullMarked
package io.leprechaun.daemon.command.event;

import org.jspecify.annotations.NullMarked;
