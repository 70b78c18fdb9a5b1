package io.leprechaun.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/** Sends the log to stderr, a line an event. In Java rather than XML, which takes a parser at every start. */
public final class Log extends ContextAwareBase implements Configurator {
    /** Found by Logback. */
    public Log() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        // The journal has its own clock. Control characters of data must not make lines or drive terminals.
        String time = System.getenv("JOURNAL_STREAM") == null ? "%date{yyyy-MM-dd HH:mm:ss.SSS} " : "";
        encoder.setPattern(time + "%-5level %replace(%msg){'[\\p{Cntrl}]', ' '}%n%ex{8}");
        encoder.start();
        var stderr = new ConsoleAppender<ILoggingEvent>();
        stderr.setContext(context);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(stderr);
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
