/**
 * The senders of notices: one for each kind of target of the settings, and one for the addresses that recipes ping.
 *
 * <p>{@link Targets} creates a sender for each target of the settings. {@link Mailer} uses Jakarta Mail, with limits of
 * time and one Message-ID for a notice. {@link Poster} posts to web addresses, and checks an address before and after
 * it connects. {@link CommandRun} passes a notice in the environment of a command, and {@link Ping} reports beginnings
 * and ends to the address of a recipe.
 */
@NullMarked
package io.leprechaun.daemon.notify.delivery;

import org.jspecify.annotations.NullMarked;
