/**
 * The commands that the daemon handles, a class each: {@code LsCommand} answers {@code leprechaun ls}.
 *
 * <p>{@link Commands} creates the registrators from the list of verbs. {@code Wiring} finds a command's class by its
 * name, and passes the parts that its constructor names by their types. So a new verb is a line in the list and a
 * class.
 */
@NullMarked
package io.leprechaun.daemon.command;

import org.jspecify.annotations.NullMarked;
