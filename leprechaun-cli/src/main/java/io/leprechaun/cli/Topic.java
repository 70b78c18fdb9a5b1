package io.leprechaun.cli;

import java.util.List;

/**
 * What there is to know of one verb: {@code --help}, the manual page and completion tell it each in its way.
 *
 * @param synopsis what follows the name; words in capitals stand for something
 */
record Topic(String name, String synopsis, String summary, List<Option> options, List<String> examples) {
    Topic {
        options = List.copyOf(options);
        examples = List.copyOf(examples);
    }

    /**
     * An option of a verb.
     *
     * @param value what its value is called; empty: it takes none
     */
    record Option(String name, String value, String meaning) {
        /** {@code --since TIME}. */
        String synopsis() {
            return value.isEmpty() ? name : name + " " + value;
        }
    }

    /** An option without a value. */
    static Option flag(String name, String meaning) {
        return new Option(name, "", meaning);
    }

    /** An option with a value. */
    static Option valued(String name, String value, String meaning) {
        return new Option(name, value, meaning);
    }

    /** Whether it takes such an operand, {@code RECIPE} for example. */
    boolean takes(String operand) {
        return List.of(synopsis.split("[^A-Z]+", -1)).contains(operand);
    }
}
