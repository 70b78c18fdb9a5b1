/**
 * The parts that commands share: to find, start, await and report recipes, runs and agents.
 *
 * <p>{@link RecipeLookup} and {@link RunLookup} find recipes and runs, within the {@link Scope} of one user or of all.
 * {@link RunStarter} starts runs, {@link RunWait} waits for them. {@link RunReason} and {@link DueReason} give reasons,
 * and {@link HoldForecast} what will prevent a recipe's runs.
 */
@NullMarked
package io.leprechaun.daemon.desk;

import org.jspecify.annotations.NullMarked;
