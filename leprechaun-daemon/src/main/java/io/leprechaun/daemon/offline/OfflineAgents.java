package io.leprechaun.daemon.offline;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.agent.cron.Cron;
import io.leprechaun.daemon.agent.scheduler.Scheduler;
import io.leprechaun.daemon.agent.server.Server;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The agents of a daemon that does not run: they are stopped. */
record OfflineAgents() implements Agents {
    @Override
    public List<String> names(Recipe recipe) {
        return serving(recipe).toList();
    }

    @Override
    public String workers(Recipe recipe) {
        return serving(recipe).findFirst().orElse(Scheduler.NAME);
    }

    private static Stream<String> serving(Recipe recipe) {
        return Stream.concat(
                Stream.concat(
                        recipe.trigger(Trigger.Interval.class).map(_ -> Scheduler.NAME).stream(),
                        recipe.trigger(Trigger.Cron.class).map(_ -> Cron.NAME).stream()),
                recipe.trigger(Trigger.Hook.class).map(_ -> Server.NAME).stream());
    }

    @Override
    public List<NextTable.Timed> timed() {
        return List.of();
    }

    @Override
    public Status status(String agent) {
        return Status.STOPPED;
    }

    @Override
    public List<String> closed(Recipe recipe, Instant at) {
        return List.of();
    }
}
