package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.OutputFolder;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What a mail says. Nothing that a recipe or a step wrote can end a header or a line of it.
 *
 * @param host this host's name
 */
public record MailText(String host, OutputFolder outputs, RunDocument documents) {
    private static final int TAIL_BYTES = 8 * 1024;
    private static final int TAIL_LINES = 40;

    /** One line: {@code [host] backup FAILED (exit 2)}. */
    public String subject(Notice notice) {
        Run run = notice.run();
        String outcome = failing(run).map(StepResult::outcome).or(run::reason).orElse("");
        String what = switch (notice.kind()) {
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
        };
        return printable("[" + host + "] " + run.order().recipe() + " " + what
                + (outcome.isEmpty() ? "" : " (" + outcome + ")"));
    }

    /** Plain text: what happened, the failing step, its last lines, how to look closer. */
    public String body(Notice notice) {
        Run run = notice.run();
        var body = new StringBuilder();
        body.append(RunDocument.sentence(run)).append(".\n\n");
        line(body, "Recipe", run.order().recipe().value());
        line(body, "Trigger", run.order().cause().trigger().word());
        line(body, "Started", run.times().startedAt().map(documents::time).orElse("-"));
        line(body, "Ended", run.times().endedAt().map(documents::time).orElse("-"));
        failing(run).ifPresent(step -> {
            line(body, "Step", step.number() + ": " + step.command());
            line(body, "Outcome", step.outcome());
            String tail = tail(outputs.file(run.id(), run.attempt(), step.number()));
            body.append(
                    tail.isEmpty() ? "\nThe step printed nothing.\n" : "\nThe last lines of its output:\n\n" + tail);
        });
        body.append("\nTo look closer:  leprechaun logs ").append(run.id());
        body.append("\nTo run it again: leprechaun run ")
                .append(run.order().recipe())
                .append('\n');
        return body.toString();
    }

    private static Optional<StepResult> failing(Run run) {
        return run.steps().stream()
                .filter(step -> step.state() == StepState.FAILED || step.state() == StepState.TIMED_OUT)
                .findFirst();
    }

    private static void line(StringBuilder body, String name, String value) {
        body.append(String.format("%-9s", name + ":")).append(printable(value)).append('\n');
    }

    private static String tail(Path file) {
        if (!Files.exists(file)) {
            return "";
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            var bytes = ByteBuffer.allocate((int) Math.min(size, TAIL_BYTES));
            while (bytes.hasRemaining() && channel.read(bytes, size - bytes.capacity() + bytes.position()) > 0) {
                // until the buffer is full
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            var lines = text.lines().toList();
            var last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return String.join(
                    "",
                    last.stream().map(line -> "    " + printable(line) + "\n").toList());
        } catch (IOException e) {
            return "    (its output cannot be read: " + printable(String.valueOf(e.getMessage())) + ")\n";
        }
    }

    /** Without line breaks and other control characters, which could end a header or drive a terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.LINE_SEPARATOR
                                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        ? ' '
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
