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
        Optional<String> name) {
    public Step {
        environment = Map.copyOf(environment);
    }

    /** A step without a name. */
    public Step(
            int number,
            Action action,
            boolean must,
            boolean detached,
            boolean piped,
            Optional<Duration> timeout,
            Map<String, String> environment,
            Optional<Path> directory) {
        this(number, action, must, detached, piped, timeout, environment, directory, Optional.empty());
    }

    /** What a step runs. */
    public sealed interface Action {
        /** For people: the text or the words. */
        String text();

        /** A text for the recipe's shell, byte for byte as it stands in the file after its markers. */
        record Shell(String text) implements Action {}

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
