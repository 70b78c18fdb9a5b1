package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The time from a hook's request to the first instruction of its step, one at a time, while all else is idle. */
final class Latency implements Part {
    private static final int PAUSE_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 10_000;

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        Optional<Path> stamp = lab.compiled("stamp");
        if (stamp.isEmpty()) {
            return List.of(Row.absent("ms from hook to first instruction", "gcc is not installed"));
        }
        verifyClock(lab, stamp.get());
        int count = lab.size(500, 100);
        Path ours = lab.file("leprechaun.stamps");
        Path theirs = lab.file("webhook.stamps");
        String recipe = Leprechaun.hook("stamp", "argv: [\"" + stamp.get() + "\", \"" + ours + "\"]");
        try (var daemon = Leprechaun.start(lab, "latency", 2, Map.of("stamp", recipe));
                var webhook = Lab.installed("webhook") ? Webhook.starting(lab, stamp.get(), theirs) : null) {
            var us = new Trigger(daemon.port(), "/hook?id=stamp", 202, ours);
            var them = webhook == null ? null : new Trigger(webhook.port(), "/hooks/bench", 200, theirs);
            double first = us.measure(1).getFirst();
            Lab.say("latency: " + count + " hooks each, one at a time");
            List<Double> mine = new ArrayList<>();
            List<Double> other = new ArrayList<>();
            turns(us, them, 50, new ArrayList<>(), new ArrayList<>());
            turns(us, them, count, mine, other);
            daemon.check("stamp", 1 + 50 + count);
            return rows(first, mine, other);
        }
    }

    /** Measures in turns of ten, so that both see the same disturbances. */
    private static void turns(Trigger us, Trigger them, int count, List<Double> mine, List<Double> other)
            throws IOException {
        for (int i = 0; i < count; i += 10) {
            mine.addAll(us.measure(10));
            if (them != null) {
                other.addAll(them.measure(10));
            }
        }
    }

    private static List<Row> rows(double first, List<Double> mine, List<Double> other) {
        List<Row> rows = new ArrayList<>();
        var us = Samples.of(mine);
        Row ours = row("Leprechaun", us);
        if (other.isEmpty()) {
            rows.add(Row.absent("ms from hook to first instruction: webhook", "webhook is not installed"));
        } else {
            var them = Samples.of(other);
            rows.add(row("webhook", them));
            double ratio = us.median() / them.median();
            ours = ours.against(Samples.one(ratio), "webhook").aiming(Goal.atMost(1.2, ""), ratio);
        }
        rows.add(ours);
        rows.add(Row.of(
                        "ms from hook to first instruction: Leprechaun, first hook after start",
                        Samples.one(first),
                        "%.2f",
                        "")
                .aiming(Goal.atMost(20, " ms"), first));
        return rows;
    }

    private static Row row(String who, Samples samples) {
        return Row.of(
                "ms from hook to first instruction: " + who,
                samples,
                "%.2f",
                Row.number("p99 %.2f ms", samples.percentile(99)));
    }

    /** Verifies that the program and this JVM read the same clock: its time lies between two readings here. */
    private static void verifyClock(Lab lab, Path stamp) throws IOException {
        Path file = lab.file("clock.stamps");
        long before = System.nanoTime();
        lab.run(stamp.toString(), file.toString());
        long after = System.nanoTime();
        long said = Long.parseLong(Files.readString(file).strip());
        LostException.unless(before <= said && said <= after, "System.nanoTime is not CLOCK_MONOTONIC here");
    }

    /** A hook, and the file in which its step records its start time. */
    private record Trigger(int port, String target, int status, Path stamps) {
        /** Returns the milliseconds from just before each request was sent to the first instruction of its step. */
        List<Double> measure(int count) throws IOException {
            byte[] request = Connection.post(target);
            List<Double> millis = new ArrayList<>();
            try (var connection = new Connection(port)) {
                for (int i = 0; i < count; i++) {
                    int known = lines().size();
                    long sent = System.nanoTime();
                    int came = connection.exchange(request);
                    LostException.unless(came == status, "a hook was answered with " + connection.text());
                    millis.add((stampAfter(known) - sent) / 1e6);
                }
            }
            return millis;
        }

        private long stampAfter(int known) throws IOException {
            for (int waited = 0; waited < PATIENCE_MILLIS; waited += PAUSE_MILLIS) {
                Leprechaun.pause(PAUSE_MILLIS);
                List<String> lines = lines();
                if (lines.size() > known) {
                    LostException.unless(lines.size() == known + 1, target + ": a step ran twice");
                    return Long.parseLong(lines.getLast());
                }
            }
            throw new LostException(target + ": a step did not run");
        }

        private List<String> lines() throws IOException {
            return Files.exists(stamps) ? Files.readAllLines(stamps) : List.of();
        }
    }
}
