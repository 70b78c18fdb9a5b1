package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Nearest;
import io.leprechaun.daemon.yaml.Place;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import io.leprechaun.daemon.yaml.YamlErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reader of a recipe's steps. A step never silently means something other than its line says. */
public final class StepReader {
    /** The largest number of steps that a recipe may have. */
    static final int MOST_STEPS = 1000;

    /** The reserved keys that no step can use yet. */
    private static final String[] NOT_YET = {"on", "retry"};

    private static final Set<String> KEYS =
            Stream.of(StepKeys.TABLE.names(), NOT_YET).flatMap(Stream::of).collect(Collectors.toUnmodifiableSet());

    /**
     * Programs that read their standard input when no file is named, and {@code read}. The pattern is possessive, so
     * that many options take no stack.
     */
    private static final Pattern READER = Pattern.compile(
            "(read\\s.*|read|(cat|tee|sort|uniq|wc|gzip|gunzip|xz|zstd|bzip2|xargs|head|tail|sh|bash|mysql|psql)(?:\\s+-[^\\s>]+)*+(\\s*[12]?>.*)?)");

    private final Problems problems;

    StepReader(Problems problems) {
        this.problems = problems;
    }

    /** Reads the valid steps, and notes errors in the others. */
    List<Step> read(Value steps) {
        return switch (steps) {
            case Value.Items items -> items(items);
            case Value.Scalar _, Value.Mapping _ -> {
                problems.error(
                        steps.place(), steps.kind() + " is not allowed; use a list of commands, one a line after `- `");
                yield List.of();
            }
            case Value.RefusedValue _ -> List.of();
        };
    }

    private List<Step> items(Value.Items items) {
        var steps = new ArrayList<Step>();
        int number = 0;
        for (Value item : items.values()) {
            if (++number > MOST_STEPS) {
                problems.error(item.place(), "more than " + MOST_STEPS + " steps; move some of them to a script");
                break;
            }
            Optional<Step> step = step(number, item);
            step.ifPresent(steps::add);
            if (steps.size() > 1
                    && step.isPresent()
                    && steps.get(steps.size() - 2).piped()
                    && !steps.get(steps.size() - 2).when().equals(step.get().when())) {
                problems.error(
                        item.place(), "the steps of a pipeline run together; use the same `when` for all of them");
            }
            boolean fed = steps.size() > 1 && steps.get(steps.size() - 2).piped();
            if (!fed && step.isPresent() && readsInput(step.get().action().text())) {
                problems.warn(
                        item.place(),
                        "the standard input of this step is empty; pipe the step before into it with `}>`, or name a"
                                + " file");
            }
            if (number == items.values().size()
                    && step.isPresent()
                    && step.get().piped()) {
                problems.error(item.place(), "the last step has no step to pipe into; remove `}>`, or add a step");
            }
        }
        if (number == 0) {
            problems.error(items.place(), "missing steps; add commands, one a line after `- `");
        }
        return steps;
    }

    private Optional<Step> step(int number, Value item) {
        return switch (item) {
            case Value.Scalar text -> text(number, text);
            case Value.Mapping map when isTrap(map) -> trap(map, "YAML reads this step as a map, because of `: `");
            case Value.Mapping map -> map(number, map);
            case Value.Items list -> trap(list, "YAML reads this step as a list");
            case Value.RefusedValue _ -> Optional.empty();
        };
    }

    /** Returns whether YAML read a command as a map because it contains a colon and a blank, or braces. */
    private static boolean isTrap(Value.Mapping map) {
        if (map.entries().keySet().stream().anyMatch(KEYS::contains)) {
            return false;
        }
        String first = map.entries().keySet().stream().findFirst().orElse("");
        return !first.matches("[a-z_]+") || Nearest.to(first, KEYS).isEmpty();
    }

    private Optional<Step> trap(Value value, String why) {
        problems.error(
                value.place(),
                why + "; quote it: - " + YamlErrors.quoted(value.source().toString()));
        return Optional.empty();
    }

    /**
     * Returns whether a command reads its standard input and nothing else. A step that no other step pipes into finds
     * it empty.
     */
    public static boolean readsInput(String command) {
        return READER.matcher(command.strip()).matches();
    }

    private Optional<Step> text(int number, Value.Scalar written) {
        if (!isWhole(written)) {
            return Optional.empty();
        }
        Markers markers = Markers.of(written.text(), written.marked());
        if (markers.problem().isPresent()) {
            problems.error(written.place(), markers.problem().get());
            return Optional.empty();
        }
        if (markers.command().isBlank()) {
            problems.error(written.place(), "empty step; add a command, or remove the line");
            return Optional.empty();
        }
        var action = Step.Action.Shell.of(markers.command());
        if (!isPassable(written, action.plain().orElse(List.of(action.text())))) {
            return Optional.empty();
        }
        boolean detached = detached(written.place(), markers.must(), markers.detach(), markers.pipe());
        return Optional.of(new Step(
                number,
                action,
                markers.must() && !detached,
                detached,
                markers.pipe(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** Returns whether no step waits for this one; notes a warning when one of its markers has no effect. */
    boolean detached(Place step, boolean must, boolean detach, boolean pipe) {
        boolean detached = detach && !pipe;
        if (detached && must) {
            problems.warn(
                    step,
                    "`!` has no effect with `->`, because the run does not wait for the step; remove one of them");
        }
        return detached;
    }

    /** Returns whether the text is complete: YAML joins lines, and cuts off comments. */
    private boolean isWhole(Value.Scalar written) {
        if (written.form() != Value.Scalar.ScalarForm.BLOCK && written.lines() > 1) {
            problems.error(
                    written.place(),
                    "YAML joins these lines into one; use `|` at the start of the text, and the script on the lines"
                            + " below");
            return false;
        }
        if (written.form() == Value.Scalar.ScalarForm.PLAIN && written.commented() && leavesQuoteOpen(written.text())) {
            problems.error(
                    written.place(),
                    "` #` begins a YAML comment and leaves a quote open; quote the text: "
                            + YamlErrors.quoted(written.source().toString()));
            return false;
        }
        return true;
    }

    /** Returns whether a shell would wait for a closing quote. */
    static boolean leavesQuoteOpen(String command) {
        char open = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (c == '\\' && open != '\'') {
                i++;
            } else if (open == 0 && (c == '\'' || c == '"')) {
                open = c;
            } else if (c == open) {
                open = 0;
            }
        }
        return open != 0;
    }

    private Optional<Step> map(int number, Value.Mapping map) {
        var fields = new MappingReader(map, problems);
        Optional<Step.Action> action = action(fields);
        Optional<Step> step = StepKeys.read(fields, number, action, this);
        fields.notYet(NOT_YET);
        fields.done();
        return step;
    }

    private Optional<Step.Action> action(MappingReader fields) {
        Optional<Value> run = StepKeys.RUN.read(fields);
        Optional<Value> argv = StepKeys.ARGV.read(fields);
        if (run.isPresent() == argv.isPresent()) {
            problems.error(
                    fields.place(),
                    "a step needs either `run`, a text for the shell, or `argv`, a list without a shell");
            return Optional.empty();
        }
        return run.isPresent() ? run.flatMap(value -> script(fields, value)) : argv.flatMap(this::words);
    }

    private Optional<Step.Action> script(MappingReader fields, Value run) {
        if (run instanceof Value.Scalar written && written.marked()) {
            problems.error(run.place(), "markers are not allowed in a map; use `must: true` in place of `!`");
            return Optional.empty();
        }
        if (run instanceof Value.Scalar written && !isWhole(written)) {
            return Optional.empty();
        }
        Optional<String> text = fields.read(run, script -> script);
        if (text.isPresent() && run instanceof Value.Scalar written) {
            Markers markers = Markers.of(written.text(), false);
            if (markers.detach() || markers.pipe() || markers.problem().isPresent()) {
                problems.error(
                        run.place(), "markers are not allowed in a map; use the keys `detach: true` or `pipe: true`");
                return Optional.empty();
            }
            if (markers.must()) {
                problems.warn(
                        run.place(),
                        "the shell reads `!` in `run`, which inverts the exit status; use `must: true` to stop the"
                                + " run on a failure");
            }
        }
        return text.map(Step.Action.Shell::of)
                .filter(shell -> isPassable(run, shell.plain().orElse(List.of(shell.text()))))
                .map(shell -> shell);
    }

    /** Returns whether the kernel accepts each of the words that a command is started with. */
    private boolean isPassable(Value written, List<String> words) {
        try {
            words.forEach(word -> MappingReader.passable("", word));
            return true;
        } catch (IllegalArgumentException e) {
            problems.error(written.place(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private Optional<Step.Action> words(Value argv) {
        if (!(argv instanceof Value.Items items) || items.values().isEmpty()) {
            if (!(argv instanceof Value.RefusedValue)) {
                problems.error(
                        argv.place(),
                        "`argv` needs a program and its arguments; use a list such as [tar, -cf, x.tar, x]");
            }
            return Optional.empty();
        }
        var words = new ArrayList<String>();
        for (Value item : items.values()) {
            if (item instanceof Value.Scalar word && !isPassable(word, List.of(word.text()))) {
                return Optional.empty();
            }
            if (item instanceof Value.Scalar word
                    && !word.marked()
                    && !word.isAbsent()
                    && !(words.isEmpty() && word.text().isBlank())) {
                words.add(word.text());
            } else if (!(item instanceof Value.RefusedValue)) {
                problems.error(item.place(), "missing word, or not a text; quote it, '' for an empty argument");
            }
        }
        return words.size() == items.values().size() ? Optional.of(new Step.Action.Program(words)) : Optional.empty();
    }
}
