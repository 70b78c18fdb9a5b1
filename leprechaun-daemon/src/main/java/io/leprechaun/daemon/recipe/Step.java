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
 * @param action what is run
 * @param must {@code !}: the run stops here when this step fails
 * @param detached {@code ->}: the next step does not wait for it; never together with {@code piped}
 * @param piped {@code }>}: its standard output is the next step's standard input; never true of the last step
 * @param timeout after which the step is ended; empty: only the recipe's own limit holds
 * @param environment added to the recipe's
 * @param directory where it starts; empty: where the recipe's steps start
 * @param name what people call it; empty: its text stands for it
 * @param when empty: it has its turn unless the run is over; the same for all steps of a pipeline
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

    /** What a step runs. */
    public sealed interface Action {
        /** For people: the text or the words. */
        String text();

        /**
         * A text for the recipe's shell, byte for byte as it stands in the file after its markers.
         *
         * @param plain its words, where they mean the same without the default shell between
         */
        record Shell(String text, Optional<List<String>> plain) implements Action {
            public Shell {
                plain = plain.map(List::copyOf);
            }

            /** The action that a text is. */
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
