package io.leprechaun.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The configuration of the log, which goes to stderr with one line per event and never waits for its reader. In Java
 * rather than XML, which needs a parser at every start.
 */
public final class Log extends ContextAwareBase implements Configurator {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_LINES_LIMIT = Duration.ofSeconds(2);
    private static final boolean JOURNAL = isJournal();
    private static final LogLines ENCODER = new LogLines(JOURNAL);
    private static final LogOutput STDERR =
            new LogOutput(new FileOutputStream(FileDescriptor.err).getChannel(), Log::warning, Duration.ofSeconds(1));

    /** Creates the configuration; called by Logback. */
    public Log() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ENCODER.setContext(context);
        ENCODER.start();
        var stderr = new OutputStreamAppender<ILoggingEvent>();
        stderr.setContext(context);
        stderr.setEncoder(ENCODER);
        stderr.setOutputStream(STDERR);
        stderr.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(stderr);
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Returns whether our stderr is the stream that systemd has connected to the journal, and not redirected
     * (systemd.exec(5), JOURNAL_STREAM).
     */
    private static boolean isJournal() {
        String stream = System.getenv("JOURNAL_STREAM");
        if (stream == null) {
            return false;
        }
        try {
            var stderr = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
            return stream.equals(stderr.get("dev") + ":" + stderr.get("ino"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns a sentence for stderr on a failed start, with a priority where the journal reads stderr. */
    public static String error(String sentence) {
        return JOURNAL ? LogLines.prioritized(sentence, Level.ERROR).stripTrailing() : sentence;
    }

    private static byte[] warning(String sentence) {
        var logger = (Logger) LoggerFactory.getLogger(Log.class);
        return ENCODER.encode(new LoggingEvent(Log.class.getName(), logger, Level.WARN, sentence, null, null));
    }

    /** Returns a stream to stderr that never waits for its reader, in order with the log. */
    public static PrintStream stderr() {
        return new PrintStream(STDERR, true, StandardCharsets.UTF_8);
    }

    /** Waits until the log is written, for at most 2 s; to be called before the JVM ends. */
    public static void awaitWritten() {
        STDERR.awaitWritten(LAST_LINES_LIMIT);
    }

    /**
     * Returns the reason why nothing has been written to stderr for more than 10 s, in a sentence; empty: there is no
     * fault.
     */
    public static Optional<String> fault() {
        return STDERR.fault(PATIENCE);
    }
}
