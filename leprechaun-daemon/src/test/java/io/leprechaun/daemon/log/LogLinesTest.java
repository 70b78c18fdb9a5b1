package io.leprechaun.daemon.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogLinesTest {
    private static final String HOSTILE = "a\n2026-11-29 10:00:00.000 INFO  forged\r\u001b[2J\u009b8m\u202e\u2028b";
    private static final String SHOWN = "a\\n2026-11-29 10:00:00.000 INFO  forged\\r\\e[2J\\u009b8m\\u202e\\u2028b";
    private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3} ";

    private static String text(boolean journal, Level level, String message, Throwable thrown) {
        var logger = (Logger) LoggerFactory.getLogger(LogLinesTest.class);
        var event = new LoggingEvent(LogLinesTest.class.getName(), logger, level, message, thrown, null);
        return new String(new LogLines(journal).encode(event), UTF_8);
    }

    @Test
    void an_event_is_a_line() {
        assertThat(text(true, Level.INFO, "ready", null)).isEqualTo("<6>INFO  ready\n");
        assertThat(text(true, Level.ERROR, HOSTILE, null)).isEqualTo("<3>ERROR " + SHOWN + "\n");
        assertThat(text(false, Level.WARN, "late", null)).matches(TIME + "WARN  late\n");
    }

    @Test
    void what_was_thrown_stands_below_it_and_forges_no_line() {
        var cause = new IOException(HOSTILE);
        cause.addSuppressed(new IOException(HOSTILE));
        String text = text(false, Level.ERROR, "it failed", new UncheckedIOException(HOSTILE, cause));

        assertThat(text)
                .contains(
                        "\n\tjava.io.UncheckedIOException: " + SHOWN + "\n\t\t",
                        "\n\tCaused by: java.io.IOException: " + SHOWN + "\n",
                        "\n\t\tSuppressed: java.io.IOException: " + SHOWN + "\n",
                        "\n\t\tat io.leprechaun.daemon.log.LogLinesTest.what_was_thrown");
        assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("\t"));
        assertThat(text)
                .doesNotContainPattern("[\\p{Cntrl}&&[^\n\t]]")
                .doesNotContainPattern("[\u0080-\u009f\u202e\u2028]");
    }

    @Test
    void the_journal_gets_the_priority_of_each_line() {
        String text = text(true, Level.WARN, "it failed", new IOException("why"));
        assertThat(text.lines()).hasSizeGreaterThan(2).allMatch(line -> line.startsWith("<4>"));
        assertThat(text).startsWith("<4>WARN  it failed\n<4>\tjava.io.IOException: why\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_causes_itself_comes_to_an_end(boolean suppressed) {
        var thrown = new IllegalStateException("one");
        var other = new IllegalStateException("two", thrown);
        if (suppressed) {
            thrown.addSuppressed(other);
        } else {
            thrown.initCause(other);
        }
        assertThat(text(false, Level.ERROR, "it failed", thrown).lines().count())
                .isLessThan(40);
    }
}
