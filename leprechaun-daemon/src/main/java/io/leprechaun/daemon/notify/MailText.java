package io.leprechaun.daemon.notify;

import io.leprechaun.api.Printable;
import io.leprechaun.api.Width;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.OutputFolder;
import io.leprechaun.daemon.run.OutputText;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a mail says. Nothing that a recipe or a step wrote can end a header or a line of it, drive a terminal or turn the reading direction.
 *
 * @param host this host's name
 */
public record MailText(String host, OutputFolder outputs, RunDocument documents) {
    private static final int TAIL_BYTES = 16 * 1024;
    private static final int TAIL_LINES = 40;
    private static final int LONGEST_OUTCOME = 80;
    private static final int LONGEST_COMMAND = 400;
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;:]*m");

    /** One line: {@code [host] backup FAILED (exit 2)}. */
    public String subject(Notice notice) {
        String subject = "[" + Printable.of(host) + "] "
                + switch (notice.about()) {
                    case Notice.About.Ended(Run run) -> subject(notice.kind(), run);
                    case Notice.About.Found found ->
                        notice.kind() + " " + Width.cut(Printable.of(found.sentence()), LONGEST_OUTCOME);
                };
        return subject.replace("=?", "= ?"); // what a reader would take for an encoded word and decode
    }

    private static String subject(Notice.Kind kind, Run run) {
        String what = switch (kind) {
            case FAILURE ->
                switch (run.state()) {
                    case TIMED_OUT -> "TIMED OUT";
                    case LOST -> "LOST";
                    default -> "FAILED";
                };
            case RECOVERY -> "RECOVERED";
            case SUCCESS -> "SUCCEEDED";
            case REJECTED -> "REJECTED";
            case MISSED -> "MISSED";
            case ALARM -> "ALARM";
        };
        String outcome = Width.cut(Printable.of(outcome(run)), LONGEST_OUTCOME);
        return run.order().recipe() + " " + what + (outcome.isEmpty() ? "" : " (" + outcome + ")");
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

    /** Plain text: what happened, the steps that failed, the last lines of the first one, how to look closer. */
    public String body(Notice notice) {
        return switch (notice.about()) {
            case Notice.About.Ended(Run run) -> body(run);
            case Notice.About.Found found -> body(notice.kind(), found);
        };
    }

    private String body(Notice.Kind kind, Notice.About.Found found) {
        var body = new StringBuilder(Printable.of(found.sentence())).append(".\n\n");
        line(body, "Host", host);
        line(body, "Found", time(found.at()));
        return body.append("\nTo look closer:  leprechaun ")
                .append(kind == Notice.Kind.MISSED ? "runs --state missed" : "daemon health")
                .append('\n')
                .toString();
    }

    private String body(Run run) {
        var body = new StringBuilder();
        body.append(Printable.of(RunDocument.sentence(run))).append(".\n\n");
        line(body, "Host", host);
        line(body, "Recipe", run.order().recipe().value());
        line(body, "Trigger", trigger(run));
        run.times().startedAt().ifPresent(at -> line(body, "Started", time(at)));
        run.times().endedAt().ifPresent(at -> line(body, "Ended", time(at)));
        List<StepResult> failing = failing(run);
        for (StepResult step : failing) {
            line(body, "Step", step.number() + ": " + Width.cut(step.command(), LONGEST_COMMAND));
            line(body, "Outcome", step.outcome());
        }
        failing.stream().findFirst().ifPresent(step -> {
            String tail = tail(outputs.file(run.id(), run.attempt(), step.number()));
            body.append("\nStep ").append(step.number());
            body.append(tail.isEmpty() ? " printed nothing.\n" : " printed at last:\n\n" + tail);
        });
        body.append("\nTo look closer:  leprechaun logs ").append(run.id());
        body.append("\nTo run it again: leprechaun run ")
                .append(run.order().recipe())
                .append('\n');
        return body.toString();
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

    private static void line(StringBuilder body, String name, String value) {
        body.append(String.format("%-9s", name + ":"))
                .append(Printable.of(value))
                .append('\n');
    }

    /** The last lines of a file, indented; empty when it is empty or not there. */
    private static String tail(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (var text = OutputText.open(file)) {
            long from = Math.max(0, text.size() - TAIL_BYTES);
            var kept = new ByteArrayOutputStream();
            var buffer = ByteBuffer.allocate(TAIL_BYTES);
            for (long offset = from; ; ) {
                switch (text.read(offset, buffer)) {
                    case OutputText.Piece.Text piece -> {
                        kept.write(buffer.array(), 0, piece.length());
                        offset += piece.length();
                    }
                    case OutputText.Piece.Hole hole -> {
                        kept.reset();
                        from = hole.to();
                        offset = hole.to();
                    }
                    case OutputText.Piece.End() -> {
                        return tail(kept.toString(StandardCharsets.UTF_8), from > 0);
                    }
                }
            }
        } catch (IOException e) {
            return "    (the file " + Printable.of(file.toString()) + " cannot be read)\n";
        }
    }

    private static String tail(String text, boolean cut) {
        return text.isBlank()
                ? ""
                : lines(text, cut).stream()
                        .map(line -> "    " + shown(line) + "\n")
                        .collect(Collectors.joining());
    }

    private static List<String> lines(String text, boolean cut) {
        var lines = List.of(text.stripTrailing().split("\n", -1));
        int first =
                Math.max(cut ? 1 : 0, lines.size() - TAIL_LINES); // where the file was cut the first is no whole line
        return lines.subList(Math.min(first, lines.size() - 1), lines.size());
    }

    /** As a terminal would leave it: after the last carriage return, without colours, tabs as spaces. */
    private static String shown(String line) {
        String plain = COLOUR.matcher(line.stripTrailing()).replaceAll("");
        return Printable.of(plain.substring(plain.lastIndexOf('\r') + 1).replace("\t", "    "));
    }
}
