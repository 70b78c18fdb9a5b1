package io.leprechaun.daemon.notify;

import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Width;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.notify.Message.Block;
import io.leprechaun.daemon.notify.Message.Detail;
import io.leprechaun.daemon.notify.Message.Tone;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.run.ExitStatus;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The writer of the messages of notices. No text of a recipe or a step can end a header or a line of it, control a
 * terminal or turn the reading direction.
 *
 * @param host this host's name
 * @param past the finder of the context of a run
 */
public record MessageWriter(String host, OutputFolder outputs, RunDocument documents, Function<Run, RunContext> past) {
    private static final int LONGEST_OUTCOME = 80;
    private static final int LONGEST_COMMAND = 400;
    private static final int LONGEST_LINE = 200;

    /** Returns the message of notices, of which there is at least one. */
    public Message message(List<Notice> notices) {
        return notices.size() == 1 ? message(notices.getFirst()) : digest(notices);
    }

    private Message digest(List<Notice> notices) {
        var counts = new TreeMap<String, Map<NoticeEvent, Integer>>();
        notices.forEach(notice -> counts.computeIfAbsent(recipe(notice), recipe -> new EnumMap<>(NoticeEvent.class))
                .merge(notice.kind(), 1, Integer::sum));
        var total = new EnumMap<NoticeEvent, Integer>(NoticeEvent.class);
        notices.forEach(notice -> total.merge(notice.kind(), 1, Integer::sum));
        List<Detail> facts = new ArrayList<>();
        facts.add(fact("Host", host));
        counts.forEach((recipe, kinds) -> facts.add(fact(recipe, counted(kinds))));
        var lines = notices.stream().map(this::line).toList();
        boolean bad = notices.stream().anyMatch(notice -> tone(notice.kind()) == Tone.BAD);
        return new Message(
                subject(notices.size() + " NOTICES (" + counted(total) + ")"),
                notices.size() + " notices in one message: they came fast, or in quiet hours.",
                bad ? Tone.BAD : Tone.GOOD,
                facts,
                List.of(block("Notices in order:", lines)),
                List.of(fact("Details", "leprechaun runs --failed")));
    }

    /** Returns the name under which a notice is counted. */
    private static String recipe(Notice notice) {
        return switch (notice.about()) {
            case Notice.About.RunEnded(Run run) -> run.order().recipe().value();
            case Notice.About.Alert found -> "The daemon";
        };
    }

    private static String counted(Map<NoticeEvent, Integer> kinds) {
        return kinds.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey().word())
                .collect(Collectors.joining(", "));
    }

    private String line(Notice notice) {
        return documents.local(notice.at()) + "  " + Width.cut(Printable.of(notice.sentence()), LONGEST_LINE);
    }

    private Message message(Notice notice) {
        return switch (notice.about()) {
            case Notice.About.RunEnded(Run run) -> ended(notice.kind(), run);
            case Notice.About.Alert found -> found(notice.kind(), found);
        };
    }

    /** Returns the subject, one line: {@code [host] backup FAILED (exit 2, 4m)}. */
    private String subject(String about) {
        // a reader would take =? for an encoded word and decode it
        return ("[" + Printable.of(host) + "] " + about).replace("=?", "= ?");
    }

    private Message found(NoticeEvent kind, Notice.About.Alert found) {
        String sentence = Printable.of(found.sentence());
        return new Message(
                subject(kind + " " + Width.cut(sentence, LONGEST_OUTCOME)),
                sentence + ".",
                tone(kind),
                List.of(fact("Host", host), fact("Found", time(found.at()))),
                List.of(),
                List.of(fact(
                        "Details",
                        switch (kind) {
                            case MISSED -> "leprechaun runs --state missed";
                            case TEST -> "leprechaun notices";
                            case FAILURE, LOST, SLOW, FAST, SKIPPED, RECOVERY, SUCCESS, REJECTED, START, ALARM ->
                                "leprechaun daemon health";
                        })));
    }

    private Message ended(NoticeEvent kind, Run run) {
        RunContext background = past.apply(run);
        return new Message(
                subject(about(kind, run)),
                Printable.of(run.sentence()) + ".",
                tone(kind),
                facts(run),
                blocks(kind, run, background),
                commands(run));
    }

    private static Tone tone(NoticeEvent kind) {
        return switch (kind) {
            case FAILURE, LOST, SLOW, FAST, SKIPPED, REJECTED, MISSED, ALARM -> Tone.BAD;
            case RECOVERY, SUCCESS -> Tone.GOOD;
            case START, TEST -> Tone.PLAIN;
        };
    }

    private static String about(NoticeEvent kind, Run run) {
        String what = switch (kind) {
            case FAILURE, LOST ->
                switch (run.state()) {
                    case TIMED_OUT -> "TIMED OUT";
                    case LOST -> "LOST";
                    default -> "FAILED";
                };
            case RECOVERY -> "RECOVERED";
            case SUCCESS -> "SUCCEEDED";
            case SLOW -> "WAS SLOW";
            case FAST -> "WAS FAST";
            case SKIPPED -> "SKIPPED " + run.repeat().count() + " TIMES";
            case REJECTED -> "REJECTED";
            case MISSED -> "MISSED";
            case ALARM -> "ALARM";
            case START -> "BEGINS";
            case TEST -> "TEST";
        };
        var details = new ArrayList<String>();
        String outcome = Width.cut(Printable.of(outcome(run)), LONGEST_OUTCOME);
        if (!outcome.isEmpty()) {
            details.add(outcome);
        }
        if (run.state() == RunState.FAILED
                || run.state() == RunState.SUCCEEDED) { // for the others the duration says nothing
            run.times().duration().map(Durations::brief).ifPresent(details::add);
        }
        return run.order().recipe() + " " + what + (details.isEmpty() ? "" : " (" + String.join(", ", details) + ")");
    }

    private static String outcome(Run run) {
        String outcome = failing(run).stream()
                .findFirst()
                .map(StepResult::outcome)
                .or(run::reason)
                .orElse("");
        return run.state() == RunState.TIMED_OUT
                ? run.reason().orElse(outcome).replaceFirst("^(step \\d+: )?timed out ", "")
                : outcome;
    }

    private List<Detail> facts(Run run) {
        var facts = new ArrayList<Detail>();
        facts.add(fact("Host", host));
        facts.add(fact("Recipe", run.order().recipe().value()));
        facts.add(fact("Trigger", trigger(run)));
        run.times().startedAt().ifPresent(at -> facts.add(fact("Started", time(at))));
        run.times().endedAt().ifPresent(at -> facts.add(fact("Ended", time(at))));
        if (run.attempt() > 1) {
            facts.add(fact("Attempt", String.valueOf(run.attempt())));
        }
        for (StepResult step : failing(run)) {
            facts.add(fact("Step", step.number() + ": " + Width.cut(step.command(), LONGEST_COMMAND)));
            String meaning = step.exitCode()
                    .filter(code -> step.detail().isEmpty())
                    .flatMap(ExitStatus::meaning)
                    .map(words -> ": " + words)
                    .orElse("");
            facts.add(fact("Outcome", step.outcome() + meaning));
        }
        return facts;
    }

    private List<Block> blocks(NoticeEvent kind, Run run, RunContext background) {
        var blocks = new ArrayList<Block>();
        if (kind == NoticeEvent.SLOW || kind == NoticeEvent.FAST) {
            background
                    .usual()
                    .ifPresent(usual -> blocks.add(
                            block("Median of its last successes: " + Durations.brief(usual) + ".", List.of())));
        }
        background.standing().forEach(sentence -> blocks.add(block(sentence, List.of())));
        background.changes().forEach(change -> blocks.add(block(change.sentence(), change.lines())));
        failing(run).stream().findFirst().ifPresent(step -> {
            var excerpt = OutputExcerpt.of(outputs.file(run.id(), run.attempt(), step.number()));
            String number = "step " + step.number();
            String printed = excerpt.lines().isEmpty()
                    ? "No output of " + number + "."
                    : "Output of " + number + (excerpt.whole() ? ":" : " (beginning and end):");
            blocks.add(block(printed, excerpt.lines()));
        });
        return blocks;
    }

    private static List<Detail> commands(Run run) {
        var commands = new ArrayList<Detail>();
        commands.add(fact("Details", "leprechaun " + (run.state().hasRun() ? "logs " : "why ") + run.id()));
        commands.add(fact("History", "leprechaun runs " + run.order().recipe()));
        if (run.state().isTrouble()) {
            commands.add(fact("Retry", "leprechaun retry " + run.id()));
            commands.add(fact("Silence", "leprechaun ack " + run.order().recipe() + " --for 1d"));
        }
        return commands;
    }

    private static Detail fact(String name, String value) {
        return new Detail(name, Printable.of(value));
    }

    private static Block block(String sentence, List<String> lines) {
        return new Block(
                Printable.of(sentence), lines.stream().map(Printable::of).toList());
    }

    private static String trigger(Run run) {
        var cause = run.order().cause();
        return cause.trigger().word()
                + cause.requestedBy().map(who -> " by " + who).orElse("");
    }

    private String time(Instant at) {
        return documents.local(at) + " " + documents.zone();
    }

    private static List<StepResult> failing(Run run) {
        return run.steps().stream().filter(StepResult::isFailure).toList();
    }
}
