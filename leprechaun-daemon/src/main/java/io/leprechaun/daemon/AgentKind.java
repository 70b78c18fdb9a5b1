package io.leprechaun.daemon;

import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.agent.cron.CronAgent;
import io.leprechaun.daemon.agent.scheduler.Scheduler;
import io.leprechaun.daemon.recipe.reader.Definition;
import io.leprechaun.daemon.recipe.reader.Definitions;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of agent: the recipes that are written for it, and the agent that makes them due.
 *
 * @param definition reads its trigger
 * @param maker makes the agent, which makes nothing due yet
 */
record AgentKind(Definition definition, Maker maker) {
    /** The agents of this version, in their order. */
    static final List<AgentKind> SHIPPED = List.of(
            timed(Definitions.SCHEDULE, Scheduler::new),
            timed(Definitions.CRON, CronAgent::new),
            new AgentKind(Definitions.HOOK, AgentAssembly::server));

    /** Makes an agent. */
    @FunctionalInterface
    interface Maker {
        /** @param assembly gives what the agent needs, and ends it */
        Agent make(AgentAssembly assembly);
    }

    /** A kind that goes by the clock. */
    static AgentKind timed(Definition definition, Function<AgentContext, Agent> agent) {
        return new AgentKind(definition, assembly -> agent.apply(assembly.context()));
    }

    /** The definitions that recipes may name where there are these agents. */
    static Definitions definitions(List<AgentKind> kinds) {
        return new Definitions(kinds.stream().map(AgentKind::definition).toList());
    }
}
