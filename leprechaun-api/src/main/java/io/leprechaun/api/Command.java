package io.leprechaun.api;

import io.leprechaun.api.text.Printable;
import java.util.List;
import java.util.Optional;

/**
 * A command that a caller sends to the daemon. Immutable.
 *
 * @param agent the agent or service that answers, {@code scheduler} for example
 * @param command the command's name, {@code workers:list} for example
 * @param arguments options and operands, as typed
 */
public record Command(String agent, String command, List<String> arguments) {
    /** The command that users type as three words. */
    private static final List<String> ACCEPT = List.of("daemon", "clock", "accept");

    public Command {
        arguments = List.copyOf(arguments);
    }

    /**
     * Parses a line as a shell would split it, see {@link Words}: {@code scheduler workers:kill "nightly dump"}.
     *
     * @throws ProblemException (usage) for an open quote, or when there is no agent or no command
     */
    public static Command parse(String line) {
        return of(Words.split(line));
    }

    /**
     * Parses words: a verb of {@link Verbs} and its arguments, or an agent, a command and its arguments.
     *
     * @throws ProblemException (usage) when there is no agent or no command
     */
    public static Command of(List<String> words) {
        if (words.isEmpty() || words.getFirst().isBlank()) {
            throw new ProblemException(Problem.usage("no command given: see `leprechaun --help`"));
        }
        String first = words.getFirst();
        Verbs.requirePresent(first);
        List<String> arguments = words.subList(1, words.size());
        Optional<Form> form = Verbs.find(first).flatMap(verb -> verb.form(arguments));
        if (form.isPresent() && form.get().route().isPresent()) {
            return form.get().route().get().with(form.get().behindWord(arguments));
        }
        if (words.size() < 2 && Verbs.find(first).isEmpty() && !AgentCommands.isAgent(first)) {
            throw new ProblemException(Problem.usage(Verbs.unknown(first, List.of())));
        }
        if (words.size() < 2 || words.get(1).isBlank()) {
            throw new ProblemException(Problem.usage("unknown command '" + Printable.of(first)
                    + "': see `leprechaun --help`; an agent needs a" + " command, as in `leprechaun scheduler info`"));
        }
        if (words.size() > 2 && words.subList(0, 3).equals(ACCEPT)) {
            return new Command(first, "clock:accept", words.subList(3, words.size()));
        }
        return new Command(first, words.get(1), words.subList(2, words.size()));
    }
}
