package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.notify.RunContext.Difference;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The finder of the context of a run, from the history and the times at which files were changed. Killed runs do not
 * count.
 *
 * @param settings the settings file; empty: there is none
 */
public record RunContextFinder(RunStore store, RunDocument documents, Optional<Path> settings)
        implements Function<Run, RunContext> {
    /** The number of the newest runs of a recipe that are read. */
    private static final int FARTHEST = 1000;

    /** The number of the last successes whose median duration is the usual one. */
    private static final int USUAL = 20;

    private static final int MOST_LINES = 20;
    private static final int MOST_FILES = 5;

    @Override
    public RunContext apply(Run run) {
        List<Run> before = store.recent(run.order().recipe(), FARTHEST).stream()
                .filter(earlier -> earlier.id() < run.id())
                .filter(earlier ->
                        earlier.state() == RunState.SUCCEEDED || earlier.state().isTrouble())
                .toList();
        List<Run> failed = before.stream()
                .takeWhile(earlier -> earlier.state().isTrouble())
                .toList();
        if (run.state() == RunState.SUCCEEDED) {
            return new RunContext(failed.isEmpty() ? List.of() : List.of(recovered(failed)), usual(before), List.of());
        }
        if (!run.state().isTrouble()) {
            return RunContext.NONE;
        }
        Optional<Run> success = before.stream().skip(failed.size()).findFirst();
        return new RunContext(
                List.of(standing(before, failed, success)),
                usual(before),
                success.map(last -> changes(last, run)).orElse(List.of()));
    }

    private static Optional<Duration> usual(List<Run> before) {
        List<Duration> took = before.stream()
                .filter(earlier -> earlier.state() == RunState.SUCCEEDED)
                .flatMap(earlier -> earlier.times().duration().stream())
                .limit(USUAL)
                .sorted()
                .toList();
        return took.isEmpty() ? Optional.empty() : Optional.of(took.get(took.size() / 2));
    }

    private String recovered(List<Run> failed) {
        Run first = failed.getLast();
        return "Before it, " + counted(failed.size(), "run") + " in a row failed, since run " + first.id()
                + ended(first) + ".";
    }

    private String standing(List<Run> before, List<Run> failed, Optional<Run> success) {
        if (before.isEmpty()) {
            return "No earlier run is known.";
        }
        String last = success.map(run -> "The last success was run " + run.id() + ended(run) + ".")
                .orElse("No earlier success is known.");
        if (!failed.isEmpty()) {
            return "Failure " + (failed.size() + 1) + " in a row. " + last;
        }
        long successes = before.stream()
                .takeWhile(run -> run.state() == RunState.SUCCEEDED)
                .count();
        String more = before.size() == successes && successes >= FARTHEST - 1 ? " or more" : "";
        return "First failure after " + counted(successes, "success") + more + ". " + last;
    }

    private String ended(Run run) {
        return run.times().endedAt().map(at -> ", " + documents.local(at)).orElse("");
    }

    private static String counted(long count, String what) {
        String plural = what.endsWith("s") ? what + "es" : what + "s";
        return count + " " + (count == 1 ? what : plural);
    }

    private List<Difference> changes(Run success, Run run) {
        var changes = new ArrayList<Difference>();
        if (!success.order().version().equals(run.order().version())) {
            changes.add(new Difference("The recipe has changed since then.", recipe(success, run)));
        }
        Instant since = success.times().startedAt().orElse(success.times().queuedAt());
        Instant until = run.times().endedAt().orElse(run.times().queuedAt());
        Stream.concat(scripts(run).limit(MOST_FILES), settings.stream())
                .distinct()
                .forEach(file -> modified(file)
                        .filter(at -> at.isAfter(since) && at.isBefore(until))
                        .ifPresent(at -> changes.add(new Difference(
                                file + " has changed since then, " + documents.local(at) + ".", List.of()))));
        return changes;
    }

    /** Returns the lines of the recipe that differ, without the equal ones at the beginning and the end. */
    private List<String> recipe(Run success, Run run) {
        var old = store.version(success.order().version());
        var now = store.version(run.order().version());
        return old.isEmpty() || now.isEmpty()
                ? List.of()
                : difference(
                        old.get().text().lines().toList(),
                        now.get().text().lines().toList());
    }

    static List<String> difference(List<String> old, List<String> now) {
        int shorter = Math.min(old.size(), now.size());
        int begin = 0;
        while (begin < shorter && old.get(begin).equals(now.get(begin))) {
            begin++;
        }
        int end = 0;
        while (end < shorter - begin && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
            end++;
        }
        var lines = new ArrayList<String>();
        old.subList(begin, old.size() - end).forEach(line -> lines.add("- " + discreet(line)));
        now.subList(begin, now.size() - end).forEach(line -> lines.add("+ " + discreet(line)));
        if (lines.size() > MOST_LINES) {
            lines.subList(MOST_LINES, lines.size()).clear();
            lines.add(OutputExcerpt.GAP);
        }
        return lines;
    }

    private static String discreet(String line) {
        return Secret.mayStandIn(line) ? "(not shown: it may contain a secret)" : line;
    }

    /** Returns the files that the run's steps name by an absolute path. */
    private static Stream<Path> scripts(Run run) {
        return run.steps().stream()
                .map(StepResult::command)
                .flatMap(command -> Stream.of(command.split("[\\s\"';|&<>()=]+")))
                .filter(word -> word.startsWith("/") && word.indexOf('\0') < 0)
                .map(Path::of)
                .filter(Files::isRegularFile)
                .distinct();
    }

    private static Optional<Instant> modified(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
