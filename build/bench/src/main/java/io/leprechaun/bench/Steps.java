package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of steps a second, each a shell. The limit and the peers make a file for each step; Leprechaun makes none
 * for a step that prints nothing.
 */
final class Steps implements Part {
    private static final Pattern RATE = Pattern.compile("(\\d+) per second");

    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final Map<String, Cpu> used = new LinkedHashMap<>();

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        int count = lab.size(2000, 500);
        int warm = lab.size(500, 250);
        int rounds = 3;
        Optional<Path> limit = lab.compiled("spawn_limit");
        for (int round = 1; round <= rounds; round++) {
            for (int width : new int[] {2, 64}) {
                Lab.say("steps, round " + round + " of " + rounds + ", " + width + " at once");
                if (limit.isPresent()) {
                    note(key("limit", width), limit(lab, limit.get(), count, width));
                }
                leprechaun(lab, warm, count, width);
                if (Lab.installed("webhook")) {
                    webhook(lab, warm, count, width);
                }
            }
            note("xargs", xargs(lab, count));
            if (Lab.installed("tsp")) {
                note("tsp", taskSpooler(lab, count));
            }
        }
        return rows(rounds * count);
    }

    private List<Row> rows(int steps) {
        List<Row> rows = new ArrayList<>();
        rows.add(row("limit: C posix_spawn, 2 threads", key("limit", 2), "gcc", steps));
        rows.add(row("limit: C posix_spawn, 64 threads", key("limit", 64), "gcc", steps));
        rows.add(row("xargs -P2", "xargs", "", steps));
        rows.add(row("task-spooler, 2 slots", "tsp", "task-spooler", steps));
        rows.add(row("webhook, waiting, 2 connections", key("webhook", 2), "webhook", steps));
        rows.add(row("webhook, waiting, 64 connections", key("webhook", 64), "webhook", steps));
        Row two = row("Leprechaun, 2 workers", key("leprechaun", 2), "", steps);
        if (rates.containsKey(key("limit", 2))) {
            var ratios = Samples.ratios(rates.get(key("leprechaun", 2)), rates.get(key("limit", 2)));
            two = two.aiming(Goal.atLeast(0.75), ratios.median());
        }
        rows.add(two);
        var wide = Samples.ratios(rates.get(key("leprechaun", 64)), rates.get(key("leprechaun", 2)));
        rows.add(row("Leprechaun, 64 workers", key("leprechaun", 64), "", steps)
                .against(wide, "2 workers")
                .aiming(Goal.atLeast(0.95), wide.median()));
        return rows;
    }

    private Row row(String what, String key, String needs, int steps) {
        List<Double> measured = rates.get(key);
        if (measured == null) {
            return Row.absent(what, needs + " is not installed");
        }
        String cpu = used.containsKey(key) ? used.get(key).each(steps) : "";
        Row row = Row.of("steps/s: " + what, Samples.of(measured), "%.0f", cpu);
        List<Double> limit = rates.get(key("limit", 2));
        return limit == null ? row : row.against(Samples.ratios(measured, limit), "limit");
    }

    private static String key(String who, int width) {
        return who + width;
    }

    private void note(String key, double rate) {
        rates.computeIfAbsent(key, k -> new ArrayList<>()).add(rate);
        Lab.say("  " + key + ": " + Math.round(rate) + "/s");
    }

    private void note(String key, double rate, Cpu cpu) {
        note(key, rate);
        used.merge(key, cpu, Cpu::plus);
    }

    private double limit(Lab lab, Path program, int count, int threads) throws IOException {
        Path files = lab.folder("limit");
        String said = lab.run(program.toString(), "" + count, "" + threads, files.toString(), "/bin/sh", "-c", "true");
        Matcher rate = RATE.matcher(said);
        LostException.unless(rate.find(), "spawn_limit says " + said);
        counted(lab, "spawn_limit", files, count);
        return Double.parseDouble(rate.group(1));
    }

    private double xargs(Lab lab, int count) throws IOException {
        Path files = lab.folder("xargs");
        var clock = Stopwatch.start();
        lab.run("sh", "-c", "cd '" + files + "' && seq " + count + " | xargs -P2 -I{} sh -c ': > {}'");
        double rate = count / clock.seconds();
        counted(lab, "xargs", files, count);
        return rate;
    }

    private double taskSpooler(Lab lab, int count) throws IOException, InterruptedException {
        Path files = lab.folder("tsp");
        Map<String, String> environment = Map.of(
                "TS_SOCKET",
                lab.file("tsp.socket").toString(),
                "TMPDIR",
                files.toString(),
                "TS_SLOTS",
                "2",
                "TS_MAXFINISHED",
                "" + 2 * count);
        lab.ender(environment, List.of("tsp", "-K"));
        String enqueue =
                "i=0; while [ $i -lt " + count + " ]; do tsp sh -c true > /dev/null || exit 1; i=$((i + 1)); done";
        String await = "tsp -w " + (count - 2) + " && tsp -w " + (count - 1);
        var clock = Stopwatch.start();
        lab.run(environment, List.of("sh", "-c", enqueue + "; " + await));
        double rate = count / clock.seconds();
        long finished = lab.run(environment, List.of("tsp", "-l"))
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(job -> job.length > 3 && job[1].equals("finished") && job[3].equals("0"))
                .count();
        lab.run(environment, List.of("tsp", "-K"));
        LostException.unless(finished == count, "task-spooler finished " + finished + " of " + count);
        counted(lab, "task-spooler", files, count);
        return rate;
    }

    private void webhook(Lab lab, int warm, int count, int connections) throws IOException {
        Path files = lab.folder("webhook");
        try (var webhook = Webhook.waiting(lab, files)) {
            Load.send(webhook.port(), connections, warm, i -> Connection.post("/hooks/bench?n=w" + i), 200);
            Cpu before = Cpu.of(webhook.pid());
            var clock = Stopwatch.start();
            Load.send(webhook.port(), connections, count, i -> Connection.post("/hooks/bench?n=" + i), 200);
            double seconds = clock.seconds();
            Cpu cpu = Cpu.of(webhook.pid()).minus(before);
            counted(lab, "webhook", files, warm + count);
            note(key("webhook", connections), count / seconds, cpu);
        }
    }

    private void leprechaun(Lab lab, int warm, int count, int workers) throws IOException {
        try (var daemon =
                Leprechaun.start(lab, "steps", workers, Map.of("step", Leprechaun.hook("step", "\"true\"")))) {
            daemon.run("step", warm);
            Cpu before = Cpu.of(daemon.pid());
            var clock = Stopwatch.start();
            daemon.run("step", count);
            double seconds = clock.seconds();
            Cpu cpu = Cpu.of(daemon.pid()).minus(before);
            daemon.check("step", warm + count);
            note(key("leprechaun", workers), count / seconds, cpu);
        }
    }

    private static void counted(Lab lab, String who, Path files, long count) throws IOException {
        long there = Lab.files(files);
        LostException.unless(there == count, who + " left " + there + " files of " + count);
        lab.remove(files);
    }
}
