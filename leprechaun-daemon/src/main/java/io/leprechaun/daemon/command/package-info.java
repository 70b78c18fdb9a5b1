/** The commands that the daemon answers, a class each: {@code LsCommand} answers {@code leprechaun ls}. */
@NullMarked
package io.leprechaun.daemon.command;

import org.jspecify.annotations.NullMarked;
