package io.leprechaun.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The parsed words after a command: options, options with a value, operands. {@code --name=value} and {@code --name
 * value} are the same; after {@code --} everything is an operand. Nothing is expanded. Immutable.
 */
public final class Arguments {
    private static final int LONGEST_SENTENCE = 200;

    /** The long options of the client itself, which users may misspell after the command too. */
    public static final List<String> OF_CLIENT = List.of("--json", "--quiet", "--socket", "--config", "--help");

    private final Map<String, List<String>> options = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    private Arguments() {}

    /**
     * Parses a call's words.
     *
     * @param known the options that the command takes
     * @param operandLimit the most operands that it takes
     * @throws ProblemException (usage) for an unknown option, a missing or unexpected value, or too many operands
     */
    public static Arguments parse(List<String> words, List<Option> known, int operandLimit) {
        var parsed = new Arguments();
        for (var rest = new ArrayDeque<>(words); !rest.isEmpty(); ) {
            String word = rest.pop();
            if (word.equals("--")) {
                parsed.operands.addAll(rest);
                rest.clear();
            } else if (!word.startsWith("-") || word.equals("-")) {
                parsed.operands.add(word);
            } else {
                int equals = word.startsWith("--") ? word.indexOf('=') : -1;
                String name = equals < 0 ? word : word.substring(0, equals);
                Option option = find(name, known);
                if (option.isValued()) {
                    if (equals < 0 && rest.isEmpty()) {
                        throw new ProblemException(Problem.usage(name + " needs a value"));
                    }
                    parsed.add(name, equals < 0 ? rest.pop() : word.substring(equals + 1));
                } else if (equals < 0) {
                    parsed.add(name, "");
                } else {
                    throw new ProblemException(Problem.usage(name + " takes no value"));
                }
            }
        }
        if (parsed.operands.size() > operandLimit) {
            throw new ProblemException(
                    Problem.usage("unexpected argument '" + parsed.operands.get(operandLimit) + "'"));
        }
        return parsed;
    }

    private static Option find(String name, List<Option> known) {
        var names = new ArrayList<>(OF_CLIENT);
        for (Option option : known) {
            if (!option.name().equals(name)) {
                names.add(option.name());
            } else if (!option.isClients()) {
                return option;
            }
        }
        throw new ProblemException(
                Problem.usage("unknown option " + name + Nearest.question(name, names, "", listed(known))));
    }

    private static String listed(List<Option> known) {
        return known.isEmpty()
                ? ": this command has no options"
                : known.stream()
                        .filter(option -> !option.isClients())
                        .map(Option::name)
                        .sorted()
                        .collect(Collectors.joining(" ", ": use one of ", ""));
    }

    private void add(String name, String value) {
        options.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }

    /**
     * Returns the sentence that an option gives as a reason, for records and lists.
     *
     * @throws ProblemException (usage) when it is blank, or longer than {@value #LONGEST_SENTENCE} characters
     */
    public Optional<String> sentence(String option) {
        return value(option).map(text -> {
            if (text.isBlank() || text.length() > LONGEST_SENTENCE) {
                throw new ProblemException(
                        Problem.usage(option + " is empty or too long: use 1 to " + LONGEST_SENTENCE + " characters"));
            }
            return text.strip();
        });
    }

    /** Returns whether an option was given. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** Returns the last value given for an option. */
    public Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option)).map(List::getLast);
    }

    /** Returns all values given for an option, in their order. */
    public List<String> values(String option) {
        return List.copyOf(options.getOrDefault(option, List.of()));
    }

    /** Returns the operands in their order. */
    public List<String> operands() {
        return List.copyOf(operands);
    }

    /**
     * Returns a required operand.
     *
     * @param what the operand's name in the message, {@code RECIPE} for example
     * @throws ProblemException (usage) when it is missing
     */
    public String operand(int index, String what) {
        if (index >= operands.size()) {
            throw new ProblemException(Problem.usage(what + " is missing"));
        }
        return operands.get(index);
    }
}
