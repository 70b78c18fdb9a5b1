package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import java.time.InstantSource;

/** The reasons of runs: their causes and outcomes. */
public record RunReason(Dispatcher dispatcher, Agents agents, RunDocument documents, InstantSource clock) {
    /** Returns the cause of a run, its outcome, and the condition for which it waits. */
    public String of(Run run) {
        return cause(run) + ": " + run.sentence() + waitsFor(run);
    }

    private String cause(Run run) {
        var order = run.order();
        var cause = order.cause();
        String queued = documents.local(run.times().queuedAt());
        if (cause.dueAt().isEmpty()) {
            return order.recipe() + " was requested by "
                    + (cause.trigger().equals(TriggerKind.HOOK) ? "a hook from " : "")
                    + cause.requestedBy().orElse("an unknown caller") + " at " + queued;
        }
        String due = documents.local(cause.dueAt().get());
        return order.recipe() + " was due "
                + run.repeat()
                        .lastDue()
                        .map(last -> run.repeat().count() + " times from " + due + " to " + documents.local(last))
                        .orElse("at " + due)
                + " " + order.series().manner()
                + (cause.trigger().equals(TriggerKind.CATCH_UP) ? ", and was caught up at " + queued : "");
    }

    /** Returns the deadline for the start of a run that waits. */
    private String deadline(Run run) {
        return dispatcher
                .deadline(run.id())
                .map(latest -> ", until " + documents.local(latest) + " at the latest (deadline)")
                .orElse("");
    }

    /** Returns the condition for which an unfinished run waits. */
    private String waitsFor(Run run) {
        if (run.state() == RunState.WAITING) {
            return run.times()
                    .retryAt()
                    .filter(until -> until.isAfter(clock.instant()))
                    .map(until -> "; its next attempt is at " + documents.local(until))
                    .orElseGet(() -> deadline(run));
        }
        if (run.state() != RunState.QUEUED) {
            return "";
        }
        AgentName agent = run.order().agent();
        Status status = agents.status(agent);
        if (!status.isOpen()) {
            return "; it waits because " + agent + " is " + status.word() + deadline(run);
        }
        return dispatcher
                        .oldest(run.order().recipe())
                        .filter(other -> other.id() < run.id())
                        .map(other -> "; it waits for the end of run " + other.id())
                        .orElseGet(() -> "; it waits for "
                                + (dispatcher.occupied(agent).max()
                                                < dispatcher.bounds(agent).max()
                                        ? "earlier runs in the queue"
                                        : "a worker: all "
                                                + dispatcher.bounds(agent).max() + " of " + agent + " are busy"))
                + deadline(run);
    }
}
