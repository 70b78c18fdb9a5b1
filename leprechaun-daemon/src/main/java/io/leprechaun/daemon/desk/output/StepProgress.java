package io.leprechaun.daemon.desk.output;

import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.units.Durations;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The progress of a run for its followers: the current step, and the end of each. Owned by one thread. */
final class StepProgress {
    private static final int LONGEST = 60;
    /** The shortest time that is shown. */
    private static final Duration NOTEWORTHY = Duration.ofSeconds(1);

    private final FrameWriter out;
    private final Optional<Duration> usual;
    private final Set<Integer> begun = new HashSet<>();
    private final Set<Integer> ended = new HashSet<>();

    /** @param usual the usual duration of such a run */
    StepProgress(FrameWriter out, Optional<Duration> usual) {
        this.out = out;
        this.usual = usual;
    }

    void opening(Run run) throws IOException {
        out.say("run " + run.id() + " of " + run.order().recipe()
                + usual.map(span -> ", usually " + Durations.brief(span)).orElse(""));
        out.flush();
    }

    void attempt(int number) throws IOException {
        out.say("attempt " + number);
        begun.clear();
        ended.clear();
    }

    /** Writes the heading of a step that has begun, once: before its output. */
    void begin(Run run, int number, Instant now) throws IOException {
        if (hasBegun(run, number) && begun.add(number)) {
            out.say(heading(run, number) + " " + brief(step(run, number).command()) + progress(run, now));
        }
    }

    /** Writes the end of a step that failed or took long, once: after its output. */
    void end(Run run, int number) throws IOException {
        if (!hasBegun(run, number) || step(run, number).state() == StepState.RUNNING) {
            return;
        }
        StepResult step = step(run, number);
        if ((step.state() != StepState.SUCCEEDED || took(step).compareTo(NOTEWORTHY) >= 0) && ended.add(number)) {
            String how = step.state() == StepState.SUCCEEDED
                    ? "done"
                    : step.state().word().replace('_', ' ') + ": " + step.outcome();
            out.say(heading(run, number) + " " + how + " after " + Durations.brief(took(step)));
        }
    }

    private static boolean hasBegun(Run run, int number) {
        return number <= run.steps().size()
                && step(run, number).state() != StepState.PENDING
                && step(run, number).state() != StepState.NOT_RUN;
    }

    private static StepResult step(Run run, int number) {
        return run.steps().get(number - 1);
    }

    private static String heading(Run run, int number) {
        return "[" + number + "/" + run.steps().size() + "]";
    }

    /** Returns the remaining time of the run by its usual duration. */
    private String progress(Run run, Instant now) {
        Optional<Duration> since = run.times().startedAt().map(start -> Duration.between(start, now));
        return usual.filter(span -> span.compareTo(NOTEWORTHY) >= 0)
                .flatMap(span -> since.map(span::minus).filter(left -> left.compareTo(NOTEWORTHY) >= 0))
                .map(left -> " (about " + Durations.brief(Duration.ofSeconds(left.toSeconds())) + " left)")
                .orElse("");
    }

    private static Duration took(StepResult step) {
        return step.startedAt()
                .flatMap(start -> step.endedAt().map(end -> Duration.between(start, end)))
                .orElse(Duration.ZERO);
    }

    private static String brief(String command) {
        String line = command.strip().lines().findFirst().orElse("");
        return line.length() > LONGEST || line.length() < command.strip().length()
                ? line.substring(0, Math.min(LONGEST, line.length())) + " …"
                : line;
    }
}
