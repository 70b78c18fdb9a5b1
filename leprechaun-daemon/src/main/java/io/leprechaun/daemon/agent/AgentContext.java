package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.worker.Dispatcher;
import java.util.function.Supplier;

/**
 * The parts of the daemon that an agent driven by the clock uses.
 *
 * @param next the table of the next firings
 * @param books a supplier of the current recipes
 * @param boot an identifier of this boot of the machine, different from all others
 */
public record AgentContext(
        Dispatcher dispatcher,
        RunStore store,
        HostClock clock,
        ClockGuard guard,
        NextTable next,
        Supplier<RecipeBook> books,
        String boot) {}
