package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;

/**
 * Something that is due.
 *
 * @param agent whose workers it wants
 */
public record Request(Recipe recipe, String agent, Cause cause, Input input) {}
