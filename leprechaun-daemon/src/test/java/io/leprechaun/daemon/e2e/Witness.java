package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.lines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A file of the real steps with their times, which only the steps write and the daemon does not know. Each line is one
 * write, appended: it stays, whichever process is killed afterwards. Only a power cut would need a flush of it, and
 * there is none here.
 */
final class Witness {
    private final Path file;
    private final Path script;

    /** Creates a witness who has seen nothing, in a folder outside the recipes' one. */
    Witness(Path folder) {
        file = folder.resolve("witness");
        script = folder.resolve("witness.sh");
        try {
            Files.writeString(script, """
                tell() {
                    echo "$LEPRECHAUN_RUN $LEPRECHAUN_ATTEMPT $LEPRECHAUN_RECIPE ${LEPRECHAUN_SCHEDULED_AT:--} $1 $EPOCHREALTIME $$" >> '%s'
                }
                """.formatted(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The event of a step. */
    enum Event {
        BEGIN,
        END
    }

    /**
     * A line that a step wrote.
     *
     * @param due the due instant, of runs that the clock made due
     * @param at by the host's clock, to the microsecond
     */
    record Line(long run, int attempt, String recipe, Optional<Instant> due, Event event, Instant at, long pid) {
        /** Reads a line as steps write it. */
        static Line of(String text) {
            List<String> words = List.of(text.split(" ", -1));
            if (words.size() != 7) {
                throw new IllegalArgumentException("not a line of a witness: '" + text + "'");
            }
            return new Line(
                    Long.parseLong(words.get(0)),
                    Integer.parseInt(words.get(1)),
                    words.get(2),
                    Optional.of(words.get(3))
                            .filter(due -> !due.equals("-"))
                            .map(due -> OffsetDateTime.parse(due).toInstant()),
                    words.get(4).equals("begin") ? Event.BEGIN : Event.END,
                    seconds(words.get(5)),
                    Long.parseLong(words.get(6)));
        }

        private static Instant seconds(String text) {
            long micros = new BigDecimal(text).movePointRight(6).longValueExact();
            return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
        }
    }

    /**
     * Returns the lines of a recipe with one step. The step records its begin, does its work, records its end, and
     * exits with the code of the work.
     *
     * @param keys the recipe's other keys, each a line with its end
     * @param work the work as shell commands
     */
    String recipe(String keys, String work) {
        return keys + """
            shell: [/bin/bash, -c]
            steps:
              - |
                . '%s'
                tell begin
                %s
                code=$?
                tell end
                exit $code
            """.formatted(script, work);
    }

    /** Returns the lines that it has seen until now, in this order. */
    List<Line> seen() {
        return lines(file).stream().map(Line::of).toList();
    }
}
