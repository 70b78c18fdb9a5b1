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
 * @param definition the reader of its trigger
 * @param maker the maker of the agent, which makes nothing due yet
 */
record AgentKind(Definition definition, Maker maker) {
    /** The agents of this version, in their order. */
    static final List<AgentKind> SHIPPED = List.of(
            timed(Definitions.SCHEDULE, Scheduler::new),
            timed(Definitions.CRON, CronAgent::new),
            new AgentKind(Definitions.HOOK, AgentAssembly::server));

    /** The maker of an agent. */
    @FunctionalInterface
    interface Maker {
        /** @param assembly the assembly that provides the parts of the agent, and ends it */
        Agent make(AgentAssembly assembly);
    }

    /** Returns a kind that is driven by the clock. */
    static AgentKind timed(Definition definition, Function<AgentContext, Agent> agent) {
        return new AgentKind(definition, assembly -> agent.apply(assembly.context()));
    }

    /** Returns the definitions that recipes may use with these agents. */
    static Definitions definitions(List<AgentKind> kinds) {
        return new Definitions(kinds.stream().map(AgentKind::definition).toList());
    }
}
