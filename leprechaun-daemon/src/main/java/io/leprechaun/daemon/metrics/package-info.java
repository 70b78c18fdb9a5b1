/**
 * The metrics for Prometheus, in its text format 0.0.4. Nothing here is loaded before a program asks for them, or the
 * settings name a file for them.
 *
 * <p>Most values are read from the parts of the daemon at that moment; {@link io.leprechaun.daemon.count} has the rest.
 * What the store knows of a recipe is read once, and again after the recipe's next run. The labels are recipes, agents,
 * states, triggers, targets and codes: never a run, a reason, an address or a path.
 */
@NullMarked
package io.leprechaun.daemon.metrics;

import org.jspecify.annotations.NullMarked;
