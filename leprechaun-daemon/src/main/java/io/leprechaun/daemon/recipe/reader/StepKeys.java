package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.When;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The keys of a step that is written as a map, and their reader. */
final class StepKeys {
    /** All keys of a step. */
    static final KeyTable<Step> TABLE = new KeyTable<>();

    /** A text for the shell, as written. */
    static final Key<Value> RUN = TABLE.add(Key.of("run", Type.asItStands(() -> Types.TEXT))
            .says("A text for the shell.")
            .example("./upload.sh"));

    /** A program and its arguments, as written. */
    static final Key<Value> ARGV = TABLE.add(Key.of("argv", Type.asItStands(StepKeys::words))
            .says("A program and its arguments, without a shell.")
            .example("[tar, -czf, etc.tgz, /etc]"));

    private static final Key<String> NAME =
            TABLE.add(Key.of("name", Types.text()).says("A name for messages.").example("pack"));

    private static final Key<Boolean> MUST = TABLE.add(Key.of("must", Types.flag())
            .says("The run stops here when the step fails, as with `!`.")
            .usually(false));

    private static final Key<Boolean> DETACH = TABLE.add(Key.of("detach", Types.flag())
            .says("The next step does not wait for this one, as with `->`.")
            .usually(false));

    private static final Key<Boolean> PIPE = TABLE.add(Key.of("pipe", Types.flag())
            .says("The output of the step is the input of the next one, as with `}>`.")
            .usually(false));

    private static final Key<Optional<Duration>> TIMEOUT = TABLE.add(Key.of("timeout", BoundsKeys.timeouts())
            .says("Time after which the step is ended.")
            .usually(Optional.empty()));

    private static final Key<Map<String, String>> ENV =
            TABLE.add(SurroundingsKeys.environmentKey("Variables of this step alone."));

    private static final Key<Path> DIR = TABLE.add(
            SurroundingsKeys.directoryKey("The working directory of the step.").unless("the recipe's"));

    private static final Key<When> WHEN = TABLE.add(Key.of("when", Types.choice(When.class))
            .says("State of the run in which the step is executed, see [Handlers](#handlers).")
            .unless("until a `!` fails or the run is ended"));

    private StepKeys() {}

    /**
     * Reads the step of a map, and notes errors in it.
     *
     * @param number its place in the recipe, from 1
     * @param action its command; empty: it was invalid, and there is no step
     */
    static Optional<Step> read(MappingReader fields, int number, Optional<Step.Action> action, StepReader reader) {
        boolean must = MUST.value(fields);
        boolean pipe = PIPE.value(fields);
        boolean detached = reader.detached(fields.place(), must, DETACH.value(fields), pipe);
        Optional<Duration> timeout = TIMEOUT.value(fields);
        Map<String, String> environment = ENV.or(fields, Map.of());
        Optional<Path> directory = DIR.read(fields);
        Optional<String> name = NAME.read(fields);
        Optional<When> when = WHEN.read(fields);
        return action.map(known -> new Step(
                number, known, must && !detached, detached, pipe, timeout, environment, directory, name, when));
    }

    private static Shape words() {
        return Shape.of(
                "{\"type\": \"array\", \"items\": {\"type\": [\"string\", \"number\", \"boolean\"]}, \"minItems\": 1}",
                "a list of words");
    }
}
