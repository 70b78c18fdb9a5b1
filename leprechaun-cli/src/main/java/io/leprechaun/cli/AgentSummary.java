package io.leprechaun.cli;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.AgentCommands.NamedAgent;
import io.leprechaun.api.Verb;
import java.util.List;
import java.util.function.UnaryOperator;

/** The sentence that names the agents and their commands. */
final class AgentSummary {
    private AgentSummary() {}

    /** @param typed the function that marks typed words */
    static String sentence(UnaryOperator<String> typed) {
        return agents(typed) + " accept " + listed(AgentCommands.OF_AGENTS, typed) + "; "
                + typed.apply(AgentCommands.DAEMON) + " accepts " + listed(AgentCommands.OF_DAEMON, typed) + ".";
    }

    private static String agents(UnaryOperator<String> typed) {
        return joined(
                AgentCommands.AGENTS.stream().map(NamedAgent::name).map(typed).toList());
    }

    /** Joins the commands as users type them: {@code clock accept}. */
    private static String listed(List<Verb> commands, UnaryOperator<String> typed) {
        return joined(commands.stream()
                .map(verb -> verb.name().equals("clock:accept") ? "clock accept" : verb.name() + operand(verb))
                .map(typed)
                .toList());
    }

    private static String operand(Verb verb) {
        return verb.form().operands() == 0 ? "" : " " + verb.synopsis();
    }

    private static String joined(List<String> words) {
        return String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }
}
