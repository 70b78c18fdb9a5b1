package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The delay of the first instruction of each step: for a thousand recipes due at one minute, and for the same lines in a crontab at the next. */
final class Minute implements Part {
    private static final int WORKERS = 64;
    /** The time that a program needs to be ready before the minute. */
    private static final Duration AHEAD = Duration.ofSeconds(5);

    private static final int PATIENCE_SECONDS = 50;

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        Optional<Path> stamp = lab.compiled("stamp");
        if (stamp.isEmpty()) {
            return List.of(Row.absent("ms after the minute", "gcc is not installed"));
        }
        int count = lab.size(1000, 200);
        List<Row> rows = new ArrayList<>();
        rows.add(one(lab, stamp.get(), count));
        List<Double> ours = leprechaun(lab, stamp.get(), count);
        Samples late = Samples.of(ours);
        rows.add(row("Leprechaun, " + count + " recipes", late).aiming(Goal.atLeast(0), late.least()));
        if (Lab.installed("cron")
                && Lab.installed("unshare")
                && System.getProperty("user.name").equals("root")) {
            rows.add(row("cron, " + count + " lines", Samples.of(cron(lab, stamp.get(), count))));
        } else {
            rows.add(Row.absent("ms after the minute: cron", "needs the package cron, and root"));
        }
        return rows;
    }

    private static Row row(String who, Samples late) {
        return Row.of("ms after the minute: " + who, late, "%.1f", Row.number("p99 %.0f ms", late.percentile(99)));
    }

    /** Measures one recipe that is due every second, alone. */
    private static Row one(Lab lab, Path stamp, int count) throws IOException {
        Path stamps = lab.file("second.stamps");
        String recipe =
                "definition: cron\npattern: '* * * * * *'\nsteps:\n  - argv: [\"" + stamp + "\", \"" + stamps + "\"]\n";
        int seconds = count / 20;
        try (var _ = Leprechaun.start(lab, "second", 2, Map.of("second", recipe))) {
            Lab.say("minute: one recipe for " + seconds + " s");
            Leprechaun.pause(seconds * 1000L);
        }
        long origin = origin();
        List<Double> late = Files.readAllLines(stamps).stream()
                .map(line -> Math.floorMod(Long.parseLong(line) + origin, 1_000_000_000L) / 1e6)
                .toList();
        Samples samples = Samples.of(late.subList(1, late.size())); // the first is the first of the program
        return row("Leprechaun, one recipe, of each second", samples).aiming(Goal.atMost(20, " ms"), samples.median());
    }

    private static List<Double> leprechaun(Lab lab, Path stamp, int count) throws IOException {
        Path stamps = lab.file("minute.stamps");
        Map<String, String> recipes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            recipes.put(
                    "minute" + i,
                    "definition: cron\npattern: '* * * * *'\nsteps:\n  - argv: [\"" + stamp + "\", \"" + stamps
                            + "\"]\n");
        }
        awaitBegin();
        try (var _ = Leprechaun.start(lab, "minute", WORKERS, recipes)) {
            return lateness(stamps, count, "Leprechaun");
        }
    }

    /** Measures cron in a mount namespace with its own crontab folders, so that this machine's crontabs do not run. */
    private static List<Double> cron(Lab lab, Path stamp, int count) throws IOException {
        Path stamps = lab.file("cron.stamps");
        Path crontab = lab.file("crontab", ("* * * * * " + stamp + " " + stamps + "\n").repeat(count));
        String begin = "mount -t tmpfs tmpfs /var/spool/cron && mkdir -m 1730 /var/spool/cron/crontabs && mount -t"
            + " tmpfs tmpfs /etc/cron.d && mount --bind /dev/null /etc/crontab && mount -t tmpfs tmpfs /run && install"
            + " -m 600 " + crontab + " /var/spool/cron/crontabs/root && exec cron -f";
        awaitBegin();
        Process cron = lab.start(
                Map.of(),
                lab.file("cron.log"),
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", begin));
        try {
            return lateness(stamps, count, "cron");
        } finally {
            lab.end(cron);
        }
    }

    /** Waits for a minute with enough time left until the next. */
    private static void awaitBegin() {
        Instant now = Instant.now();
        Instant next = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        if (now.plus(AHEAD.multipliedBy(3)).isAfter(next)) {
            Leprechaun.pause(Duration.between(now, next).toMillis() + 1000);
        }
    }

    /** Returns the milliseconds from the next minute until each step began. */
    private static List<Double> lateness(Path stamps, int count, String who) throws IOException {
        Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        Lab.say("minute: " + who + " at " + minute);
        Leprechaun.pause(Duration.between(Instant.now(), minute).toMillis());
        for (int waited = 0; waited < PATIENCE_SECONDS * 10 && lines(stamps).size() < count; waited++) {
            Leprechaun.pause(100);
        }
        long begin = minute.getEpochSecond() * 1_000_000_000L - origin();
        List<Double> late = lines(stamps).stream()
                .map(line -> (Long.parseLong(line) - begin) / 1e6)
                .toList();
        LostException.unless(late.size() == count, who + " began " + late.size() + " of " + count);
        return late;
    }

    private static List<String> lines(Path stamps) throws IOException {
        return Files.exists(stamps) ? Files.readAllLines(stamps) : List.of();
    }

    /** Returns the wall clock's time when the monotonic clock was at zero, in nanoseconds since 1970. */
    private static long origin() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    }
}
