package io.leprechaun.daemon.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The reference for a zone: {@code date}, and so the C library. */
final class HostDate {
    private static final Instant UNTIL = Instant.parse("2190-01-01T00:00:00Z");

    private HostDate() {}

    /**
     * Asserts that the rules agree with {@code date} on a {@code TZ}: at each change, just before it, and at random.
     */
    static void sameAs(String zone, Instant from, ZoneRules rules) throws IOException {
        sameAs(zone, from, UNTIL, rules);
    }

    static void sameAs(String zone, Instant from, Instant until, ZoneRules rules) throws IOException {
        var seconds = new ArrayList<Long>();
        for (ZoneOffsetTransition change = rules.nextTransition(from);
                change != null && change.getInstant().isBefore(until);
                change = rules.nextTransition(change.getInstant())) {
            seconds.add(change.toEpochSecond());
            seconds.add(change.toEpochSecond() - 1);
        }
        new Random(20_261_126)
                .longs(100, from.getEpochSecond(), until.getEpochSecond())
                .forEach(seconds::add);
        var ours = seconds.stream()
                .map(second -> rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds())
                .toList();
        assertThat(ours).as(zone).isEqualTo(offsets(zone, seconds));
    }

    /**
     * Returns the offsets at some seconds. {@code %s} would show the second too, but reads it from the local time,
     * which may occur twice.
     */
    private static List<Integer> offsets(String zone, List<Long> seconds) throws IOException {
        Path asked = Files.createTempFile("asked", null);
        try {
            Files.write(asked, seconds.stream().map(second -> "@" + second).toList());
            var date = new ProcessBuilder("date", "-f", asked.toString(), "+%::z");
            date.environment().put("TZ", zone);
            Process process = date.redirectErrorStream(true).start();
            try (var lines = process.inputReader(StandardCharsets.US_ASCII)) {
                return lines.lines().map(HostDate::inSeconds).toList();
            }
        } finally {
            Files.delete(asked);
        }
    }

    private static int inSeconds(String offset) {
        List<String> parts = List.of(offset.substring(1).split(":", -1));
        int seconds = Integer.parseInt(parts.get(0)) * 3600
                + Integer.parseInt(parts.get(1)) * 60
                + Integer.parseInt(parts.get(2));
        return offset.startsWith("-") ? -seconds : seconds;
    }
}
