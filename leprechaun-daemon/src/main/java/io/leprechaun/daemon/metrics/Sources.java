package io.leprechaun.daemon.metrics;

import io.leprechaun.daemon.count.Histogram;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The parts of the daemon that the metrics are read from.
 *
 * @param host the facts of the daemon's process and host
 * @param names the names of the agents that have workers
 * @param commits the times of commits of the store
 * @param givenUp the number of notices that were given up, by target
 * @param ends takes a listener for the end of each run
 */
public record Sources(
        HostFacts host,
        HostClock clock,
        Supplier<RecipeBook> books,
        RunStore store,
        Archive archive,
        Dispatcher dispatcher,
        Agents agents,
        Collection<AgentName> names,
        Histogram commits,
        Traffic traffic,
        Supplier<Map<String, Long>> givenUp,
        Consumer<Consumer<End>> ends) {
    /**
     * The facts of the daemon's process and host.
     *
     * @param healthy whether all checks of the daemon pass
     * @param memory the resident memory of the process, in bytes
     * @param free the free space of the disk with the state folder, in bytes
     * @param jumps the number of times that the clock was set
     */
    public record HostFacts(
            String version, BooleanSupplier healthy, LongSupplier memory, LongSupplier free, LongSupplier jumps) {}
}
