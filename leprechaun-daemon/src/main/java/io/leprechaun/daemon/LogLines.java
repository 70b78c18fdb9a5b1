package io.leprechaun.daemon;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import io.leprechaun.api.Printable;
import io.leprechaun.daemon.zone.HostZone;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The text of an event in the log: a line with time, level and message, and below it what was thrown, each line of it indented. What stands in messages is shown printable, so that no text
 * from elsewhere makes a line or drives a terminal. Thread-safe.
 */
final class LogLines extends EncoderBase<ILoggingEvent> {
    /** So many frames of each stack are shown. */
    private static final int FRAMES = 8;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS ", Locale.ROOT);

    private final @Nullable DateTimeFormatter time;

    /** @param timed whether a line begins with the time, which the journal has of its own */
    LogLines(boolean timed) {
        this.time = timed ? TIME.withZone(HostZone.here().id()) : null;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var text = new StringBuilder();
        if (time != null) {
            time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), text);
        }
        String level = event.getLevel().toString();
        text.append(level)
                .repeat(' ', Math.max(1, 6 - level.length()))
                .append(Printable.of(String.valueOf(event.getFormattedMessage())))
                .append('\n');
        thrown(event.getThrowableProxy(), "", 1, text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
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
