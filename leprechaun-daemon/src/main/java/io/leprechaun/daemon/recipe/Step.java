package io.leprechaun.daemon.recipe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One command of a recipe.
 *
 * @param number its place in the recipe, from 1
 * @param action the text or the program that it runs
 * @param must {@code !}: the run stops here when this step fails
 * @param detached {@code ->}: the next step does not wait for it; never together with {@code piped}
 * @param piped {@code }>}: its standard output is the next step's standard input; never true of the last step
 * @param timeout the time after which the step is ended; empty: only the recipe's own limit holds
 * @param environment the variables that are added to the recipe's
 * @param directory the folder in which it starts; empty: the folder of the recipe's steps
 * @param name its name for people; empty: its text stands for it
 * @param when the condition of its turn; empty: it has its turn unless the run is over; the same for all steps of a
 *     pipeline
 */
public record Step(
        int number,
        Action action,
        boolean must,
        boolean detached,
        boolean piped,
        Optional<Duration> timeout,
        Map<String, String> environment,
        Optional<Path> directory,
        Optional<String> name,
        Optional<When> when) {
    public Step {
        environment = Map.copyOf(environment);
    }

    /** The command of a step. */
    public sealed interface Action {
        /** Returns the text or the words, for people. */
        String text();

        /**
         * A text for the recipe's shell, byte for byte as in the file after its markers.
         *
         * @param plain its words, where they mean the same without the default shell
         */
        record Shell(String text, Optional<List<String>> plain) implements Action {
            public Shell {
                plain = plain.map(List::copyOf);
            }

            /** Returns the action for a text. */
            public static Shell of(String text) {
                return new Shell(text, PlainCommand.of(text));
            }
        }

        /** A program with its arguments, without a shell. */
        record Program(List<String> argv) implements Action {
            public Program {
                argv = List.copyOf(argv);
            }

            @Override
            public String text() {
                return String.join(" ", argv);
            }
        }
    }
}
