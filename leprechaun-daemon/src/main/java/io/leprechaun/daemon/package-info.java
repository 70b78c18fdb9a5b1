/**
 * The composition root: reads the command line, wires every part by hand, starts and stops them.
 *
 * <p>{@link Main} starts {@link Daemon}, which has four assemblies: store, work, agents and edges. Each returns the
 * parts that it owns. Later assemblies register for ends and changes.
 *
 * <p>The order of a start: settings, state folder with its lock, store, processes, workers, recipes, recovery, agents,
 * hook port, API socket. The migration of the store and the reading of recipes happen at once. Then follows
 * {@code READY=1}. A start that fails prints one sentence, undoes its steps, and exits with 2, or 75 for a passing
 * fault. HUP and {@code daemon reload} read the recipes folder; settings are read at a start only.
 *
 * <p>A stop is the reverse. Agents accept nothing, and hooks get 503. Runs end or are killed, as {@code on_stop} says,
 * within 60 seconds. Waiting runs stay in the store. The default is to wait, because an update of the daemon should not
 * break a backup. The 60 seconds are below the 90 of systemd's default. Signals are handled from the first line of
 * {@code main}; earlier ones wait.
 */
@NullMarked
package io.leprechaun.daemon;

import org.jspecify.annotations.NullMarked;
