package io.leprechaun.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.zone.HostZone;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text of an event in the log: a line with time, level and message, and below it the exception, each line of it
 * indented. Messages are made printable, so that no text from elsewhere starts a line or controls a terminal.
 * Thread-safe.
 */
public final class LogLines extends EncoderBase<ILoggingEvent> {
    /** The number of frames of each stack that are shown. */
    private static final int FRAMES = 8;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS ", Locale.ROOT);

    /**
     * The format of the time; empty: the lines go to the journal, which records the time itself and needs each line's
     * priority.
     */
    private final Optional<DateTimeFormatter> time;

    /** @param journal whether the lines go to the journal */
    public LogLines(boolean journal) {
        this.time = journal
                ? Optional.empty()
                : Optional.of(TIME.withZone(HostZone.here().id()));
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var text = new StringBuilder();
        time.ifPresent(format -> format.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), text));
        String level = event.getLevel().toString();
        text.append(level)
                .repeat(' ', Math.max(1, 6 - level.length()))
                .append(Printable.of(String.valueOf(event.getFormattedMessage())))
                .append('\n');
        thrown(event.getThrowableProxy(), "", 1, text);
        String lines = time.isPresent() ? text.toString() : prioritized(text, event.getLevel());
        return lines.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns lines that each begin with a syslog priority, as the journal reads them (sd-daemon(3)). */
    static String prioritized(CharSequence lines, Level level) {
        int priority = switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
        return lines.toString()
                .lines()
                .map(line -> "<" + priority + ">" + line + "\n")
                .collect(Collectors.joining());
    }

    private static void thrown(@Nullable IThrowableProxy thrown, String heading, int depth, StringBuilder text) {
        if (thrown == null) {
            return;
        }
        text.repeat('\t', depth)
                .append(heading)
                .append(Printable.of(name(thrown)))
                .append('\n');
        if (thrown.isCyclic()) {
            return;
        }
        var frames = thrown.getStackTraceElementProxyArray();
        int own = frames.length - thrown.getCommonFrames();
        for (int i = 0; i < Math.min(own, FRAMES); i++) {
            text.repeat('\t', depth + 1)
                    .append(Printable.of(frames[i].toString()))
                    .append('\n');
        }
        for (IThrowableProxy suppressed : Objects.requireNonNullElse(thrown.getSuppressed(), new IThrowableProxy[0])) {
            thrown(suppressed, "Suppressed: ", depth + 1, text);
        }
        thrown(thrown.getCause(), "Caused by: ", depth, text);
    }

    private static String name(IThrowableProxy thrown) {
        if (thrown.getOverridingMessage() != null) {
            return thrown.getOverridingMessage();
        }
        return thrown.getClassName() + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage());
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
