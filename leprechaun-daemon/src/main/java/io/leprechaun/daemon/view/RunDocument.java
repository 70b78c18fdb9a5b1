package io.leprechaun.daemon.view;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.run.ExitStatus;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.units.LocalTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form of runs for programs and users.
 *
 * @param zone the time zone of the shown times
 */
public record RunDocument(ZoneId zone) {
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

    /** Returns an instant in RFC 3339 with offset and milliseconds. */
    public String time(Instant at) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                at.truncatedTo(ChronoUnit.MILLIS).atZone(zone));
    }

    /** Returns an instant in RFC 3339; null if there is none. */
    public @Nullable String time(Optional<Instant> at) {
        return at.map(this::time).orElse(null);
    }

    /** Returns an instant for users: local time, to the second. */
    public String local(Instant at) {
        return LocalTimes.format(at, zone);
    }

    /** Returns the offset of local time from UTC for users: {@code +02:00}. */
    public String offset(Instant at) {
        return OFFSET.format(at.atZone(zone));
    }

    /** Returns the time for users at which a run was started, or was queued. */
    public String when(Run run, boolean queued) {
        return local(
                queued
                        ? run.times().queuedAt()
                        : run.times().startedAt().orElse(run.times().queuedAt()));
    }

    /** Returns the number of the first step that runs; null when none does. */
    public @Nullable Integer step(Run run) {
        return run.steps().stream()
                .filter(step -> step.state() == StepState.RUNNING)
                .map(StepResult::number)
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns the outcome of a run for callers without further access: without its commands, its reasons and its owner.
     */
    public Map<String, @Nullable Object> outcome(Run run) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("state", run.state().word());
        data.put("duration", run.times().duration().map(RunDocument::seconds).orElse(null));
        data.put("exit_code", run.exitCode().orElse(null));
        return data;
    }

    /** Returns the members of a run's document, in their order. */
    public Map<String, Object> data(Run run) {
        var cause = run.order().cause();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", run.id());
        data.put("recipe", run.order().recipe().value());
        data.put("agent", run.order().agent().value());
        data.put("trigger", cause.trigger().word());
        data.put("state", run.state().word());
        data.put("reason", run.reason().orElse(null));
        data.put("due_at", time(cause.dueAt()));
        data.put("due_until", time(run.repeat().lastDue()));
        data.put("count", run.repeat().count());
        data.put("queued_at", time(run.times().queuedAt()));
        data.put("started_at", time(run.times().startedAt()));
        data.put("ended_at", time(run.times().endedAt()));
        data.put("duration", run.times().duration().map(RunDocument::seconds).orElse(null));
        data.put("exit_code", run.exitCode().orElse(null));
        data.put("signal", run.exitCode().flatMap(ExitStatus::signal).orElse(null));
        data.put("attempt", run.attempt());
        data.put("retry_at", time(run.times().retryAt()));
        data.put("requested_by", cause.requestedBy().orElse(null));
        data.put("version", run.order().version());
        data.put("steps", run.steps().stream().map(this::data).toList());
        return data;
    }

    private Map<String, Object> data(StepResult step) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("number", step.number());
        data.put("command", step.command());
        data.put("state", step.state().word());
        data.put("exit_code", step.exitCode().orElse(null));
        data.put("signal", step.exitCode().flatMap(ExitStatus::signal).orElse(null));
        data.put("detail", step.detail().orElse(null));
        data.put("note", step.note().orElse(null));
        data.put("started_at", time(step.startedAt()));
        data.put("ended_at", time(step.endedAt()));
        var usage = step.usage();
        data.put("cpu", seconds(usage.cpu()));
        data.put(
                "peak_memory",
                usage.peakMemory().isPresent() ? usage.peakMemory().getAsLong() : null);
        data.put("read", usage.read());
        data.put("written", usage.written());
        data.put("printed", step.printed().bytes());
        data.put("dropped", step.printed().dropped());
        return data;
    }

    /** Returns a change of the clock for JSON. */
    public Map<String, Object> data(ClockLog.ClockChange change) {
        var data = new LinkedHashMap<String, Object>();
        data.put("at", time(change.at()));
        data.put("kind", change.kind().word());
        data.put("by", change.by().toMillis() / 1000.0);
        data.put("after_run", change.run());
        return data;
    }

    /** Returns the members of a pause's document, in their order. */
    public Map<String, Object> data(Pause pause) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("at", time(pause.at()));
        data.put("until", time(pause.until()));
        data.put("by", pause.by());
        data.put("reason", pause.reason().orElse(null));
        return data;
    }

    /**
     * Returns a complete pause for users: {@code since 2026-11-26 18:00:00 until 2026-11-27 09:00:00 by root: upgrade}.
     */
    public String span(Pause pause) {
        return "since " + local(pause.at()) + pause.bounds(zone);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Returns a run's state with its style. */
    public static Cell state(Run run) {
        Style style = switch (run.state()) {
            case SUCCEEDED -> Style.GOOD;
            case FAILED, TIMED_OUT, LOST, REJECTED -> Style.BAD;
            case KILLED, STOPPING, MISSED, HELD, SKIPPED -> Style.WARN;
            case QUEUED, WAITING, RUNNING -> Style.PLAIN;
        };
        return Cell.of(run.state().word(), style);
    }

    /** Returns the answer about one run; the client exits with 1 if the run did not succeed. */
    public Reply one(Run run) {
        boolean wrong = run.state().isFinal() && run.state() != RunState.SUCCEEDED;
        return new Reply.Document(
                Map.of("run", data(run)),
                Text.line(run.sentence()),
                List.of(Long.toString(run.id())),
                wrong ? ExitCode.FAILED : ExitCode.OK);
    }

    /** Returns the answer about runs that a user ended. */
    public Reply ended(List<Run> runs) {
        return new Reply.Document(
                Map.of("runs", runs.stream().map(this::data).toList()),
                Text.lines(runs.stream().map(Run::sentence).toList()),
                runs.stream().map(run -> Long.toString(run.id())).toList(),
                runs.stream().anyMatch(run -> run.state().isTrouble()) ? ExitCode.FAILED : ExitCode.OK);
    }

    /**
     * Returns a run's id.
     *
     * @throws ProblemException (usage) when the text is not an id
     */
    public static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    Problem.usage("invalid run '" + text + "': use its number, as shown by `leprechaun runs`"));
        }
    }
}
