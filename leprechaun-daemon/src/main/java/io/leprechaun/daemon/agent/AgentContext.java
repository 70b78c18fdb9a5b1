package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.worker.Dispatcher;
import java.util.function.Supplier;

/**
 * The daemon as an agent that goes by the clock uses it.
 *
 * @param next prints what is due next
 * @param books the recipes as they are now
 * @param boot tells this boot of the machine from all others
 */
public record AgentContext(
        Dispatcher dispatcher,
        RunStore store,
        HostClock clock,
        ClockGuard guard,
        NextTable next,
        Supplier<RecipeBook> books,
        String boot) {}
