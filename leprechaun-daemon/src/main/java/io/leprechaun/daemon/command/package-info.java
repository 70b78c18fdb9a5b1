/** The commands that the daemon handles, a class each: {@code LsCommand} answers {@code leprechaun ls}. */
@NullMarked
package io.leprechaun.daemon.command;

import org.jspecify.annotations.NullMarked;
