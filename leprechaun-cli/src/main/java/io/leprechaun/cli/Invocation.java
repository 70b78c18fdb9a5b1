package io.leprechaun.cli;

import io.leprechaun.api.Nearest;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Words;
import io.leprechaun.api.text.Printable;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parsed command line: the words and the client's own options, which may stand before or after the words. An option
 * after the first word that is not the client's is passed to the daemon as a word. Nothing is expanded, not even
 * {@code @file}.
 *
 * @param words the agent, command and arguments, or a verb and arguments
 */
record Invocation(Wish wish, List<String> words, Options options) {
    Invocation {
        words = List.copyOf(words);
    }

    /** The action that the user requests. */
    enum Wish {
        COMMAND,
        HELP,
        VERSION
    }

    /** The client's own options. */
    record Options(boolean json, boolean quiet, Optional<Path> socket, Optional<Path> config) {}

    /**
     * Parses the words of a command line. {@code --cmd=LINE} is the same as typing the line in its place. After
     * {@code --} no option is the client's.
     *
     * @throws ProblemException (usage) for an unknown option before the words, a missing value or an open quote
     */
    static Invocation parse(List<String> typed) {
        var reader = new Reader();
        reader.read(typed);
        return reader.invocation();
    }

    private static final class Reader {
        private final List<String> words = new ArrayList<>();
        private Wish wish = Wish.COMMAND;
        private boolean json;
        private boolean quiet;
        private @Nullable Path socket;
        private @Nullable Path config;

        Invocation invocation() {
            return new Invocation(
                    wish, words, new Options(json, quiet, Optional.ofNullable(socket), Optional.ofNullable(config)));
        }

        void read(List<String> typed) {
            var rest = new ArrayDeque<>(typed);
            while (!rest.isEmpty()) {
                String word = rest.pop();
                if (word.equals("--")) {
                    if (!words.isEmpty()) {
                        words.add(word);
                    }
                    words.addAll(rest);
                    return;
                }
                if (!own(word, rest)) {
                    word(word, rest);
                }
            }
        }

        /** Takes an option that belongs to the client at any position; returns whether it was one. */
        private boolean own(String word, Deque<String> rest) {
            switch (name(word)) {
                case "--json" -> json = flag(word);
                case "-q", "--quiet" -> quiet = flag(word);
                case "--socket" -> socket = Path.of(value(word, rest));
                case "--config" -> config = Path.of(value(word, rest));
                case "-h", "--help" -> wish = flag(word) ? Wish.HELP : wish;
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void word(String word, Deque<String> rest) {
            if (!words.isEmpty() || !word.startsWith("-") || word.equals("-")) {
                words.add(word);
                return;
            }
            switch (name(word)) {
                case "--cmd" -> read(Words.split(value(word, rest)));
                case "-V", "--version" -> wish = flag(word) ? Wish.VERSION : wish;
                default ->
                    throw usage("unknown option " + Printable.of(word)
                            + Nearest.question(
                                    name(word), OwnOptions.NAMES, "", " before the command; see: leprechaun --help"));
            }
        }

        private static String name(String word) {
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            return equals < 0 ? word : word.substring(0, equals);
        }

        private static boolean flag(String word) {
            if (!word.equals(name(word))) {
                throw usage(name(word) + " takes no value");
            }
            return true;
        }

        private static String value(String word, Deque<String> rest) {
            String name = name(word);
            String value = word.length() > name.length() ? word.substring(name.length() + 1) : rest.poll();
            if (value == null || value.isEmpty()) {
                throw usage(name + " needs a value");
            }
            return value;
        }

        private static ProblemException usage(String detail) {
            return new ProblemException(Problem.usage(detail));
        }
    }
}
