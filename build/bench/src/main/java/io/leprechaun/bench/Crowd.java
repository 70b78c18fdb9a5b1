package io.leprechaun.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cost of a waiting crowd of runs for the others. It is the time until another recipe's hook is accepted, with and without a crowd, and the processor time of the idle daemon. */
final class Crowd implements Part {
    private static final int IDLE_SECONDS = 10;
    /** The time after the last run within which the daemon looks for old runs. */
    private static final int AFTERMATH_SECONDS = 5;

    private static final int SETTLE_SECONDS = 120;
    private static final int WARM_UP = 1500;
    private static final int ROUNDS = 8;
    private static final double MOST = 1.2;
    private static final double IDLE = 0.2;

    /**
     * A way to wait.
     *
     * @param holder the hook of a run that keeps the others waiting; empty: their recipe is paused
     * @param keys the keys of the crowd's recipe
     * @param holding the keys of the holder's recipe
     * @param status the HTTP status for hooks of the crowd: the hook of a paused recipe is refused
     */
    private record Kind(String name, String holder, String keys, String holding, int status) {
        Map<String, String> recipes() {
            return Map.of(
                    "holder", recipe("holder", holding, "sleep 100000"),
                    "crowd", recipe("crowd", keys, "sleep 100000"),
                    "other", recipe("other", "overlap: parallel\n", "\"true\""));
        }

        private static String recipe(String name, String keys, String step) {
            return "name: " + name + "\ndefinition: hook\nid: " + name + "\n" + keys + "steps:\n  - " + step + "\n";
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("lock", "holder", "overlap: parallel\nlock: { name: db, mode: shared }\n", "lock: db\n", 202),
            new Kind("busy recipe of low priority", "crowd", "overlap: queue\npriority: -5\n", "", 202),
            new Kind("deadline", "holder", "overlap: parallel\ndeadline: 1h\nlock: db\n", "lock: db\n", 202),
            new Kind("paused recipe", "", "overlap: parallel\n", "", 503));

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        var rows = new ArrayList<Row>();
        for (Kind kind : KINDS) {
            rows.addAll(measure(lab, kind));
        }
        return rows;
    }

    /** Measures two daemons, one with a crowd, in turns, so that both see the same disturbances. */
    private static List<Row> measure(Lab lab, Kind kind) throws IOException, InterruptedException {
        var rows = new ArrayList<Row>();
        try (var empty = Leprechaun.start(lab, "crowd-empty", 5, kind.recipes());
                var crowded = Leprechaun.start(lab, "crowd-full", 5, kind.recipes())) {
            for (Leprechaun daemon : List.of(empty, crowded)) {
                if (kind.holder().isEmpty()) {
                    lab.run(
                            lab.tree().resolve("bin/leprechaun").toString(),
                            "--socket=" + daemon.socket(),
                            "pause",
                            "crowd");
                } else {
                    Load.send(daemon.port(), 1, 1, i -> Connection.post("/hook?id=" + kind.holder()), 202);
                }
                Load.send(daemon.port(), 8, WARM_UP, i -> Connection.post("/hook?id=other"), 202);
            }
            byte[] request = Connection.post("/hook?id=crowd");
            int waiting = 0;
            for (int count : List.of(10, 1000, lab.size(100_000, 10_000))) {
                var clock = Stopwatch.start();
                Load.send(crowded.port(), 64, count - waiting, i -> request, kind.status());
                Lab.say(Row.number("crowd, " + kind.name() + ": " + count + " wait after %.1f s", clock.seconds()));
                waiting = count;
                settle(kind, count, empty, crowded);
                rows.addAll(rows(lab, kind, count, empty, crowded));
            }
        }
        return rows;
    }

    /** Waits until only the holder runs, and exactly the expected runs wait. */
    private static void settle(Kind kind, int count, Leprechaun empty, Leprechaun crowded) throws IOException {
        String running = "\"running\":" + (kind.holder().isEmpty() ? 0 : 1) + ",";
        settle(empty, running + "\"queued\":0,");
        settle(crowded, running + "\"queued\":" + (kind.status() == 202 ? count : 0) + ",");
    }

    private static void settle(Leprechaun daemon, String state) throws IOException {
        var clock = Stopwatch.start();
        String info = daemon.ask("/server/info", "application/json");
        while (!info.contains(state)) {
            LostException.unless(clock.seconds() < SETTLE_SECONDS, state + " was to come, and " + info);
            Leprechaun.pause(100);
            info = daemon.ask("/server/info", "application/json");
        }
    }

    private static List<Row> rows(Lab lab, Kind kind, int waiting, Leprechaun empty, Leprechaun crowded)
            throws IOException, InterruptedException {
        String what = kind.name() + ", " + waiting + " wait";
        int each = lab.size(50, 25);
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        List<Double> aloneMillis = new ArrayList<>();
        List<Double> besideMillis = new ArrayList<>();
        Use emptyUse = Use.NONE;
        Use crowdedUse = Use.NONE;
        for (int round = 0; round < ROUNDS; round++) {
            List<Double> one = new ArrayList<>();
            List<Double> other = new ArrayList<>();
            settle(kind, waiting, empty, crowded); // a run still active in one daemon disturbs the other
            emptyUse = emptyUse.plus(Use.of(empty, () -> accept(empty, each, one)));
            settle(kind, waiting, empty, crowded);
            crowdedUse = crowdedUse.plus(Use.of(crowded, () -> accept(crowded, each, other)));
            alone.add(Samples.of(one).median());
            beside.add(Samples.of(other).median());
            aloneMillis.addAll(one);
            besideMillis.addAll(other);
        }
        var ratios = Samples.ratios(beside, alone);
        String note = Row.number("p99 %.2f ms", Samples.of(besideMillis).percentile(99))
                + Row.number(", alone %.2f ms", Samples.of(aloneMillis).percentile(99))
                + Row.number("; of processor time %.2f", crowdedUse.nanos() / (double) emptyUse.nanos())
                + Row.number(
                        " and of context switches %.2f times as much",
                        crowdedUse.switches() / (double) emptyUse.switches());
        settle(kind, waiting, empty, crowded);
        Leprechaun.pause(AFTERMATH_SECONDS * 1000L);
        long emptyBefore = Cpu.exact(empty.pid());
        long before = Cpu.exact(crowded.pid());
        Leprechaun.pause(IDLE_SECONDS * 1000L);
        double share = Cpu.share(before, Cpu.exact(crowded.pid()), IDLE_SECONDS);
        double emptyShare = Cpu.share(emptyBefore, Cpu.exact(empty.pid()), IDLE_SECONDS);
        return List.of(
                Row.of("ms until another recipe's hook is accepted: " + what, Samples.of(besideMillis), "%.2f", note)
                        .against(ratios, "none wait")
                        .aiming(Goal.atMost(MOST, ""), ratios.median()),
                Row.of(
                                "% of a core: " + what,
                                Samples.one(share),
                                "%.2f",
                                Row.number("over " + IDLE_SECONDS + " s; none wait: %.2f", emptyShare)
                                        + Row.number("; %.0f MiB", crowded.memory("VmRSS")))
                        .aiming(Goal.atMost(IDLE, " %"), share));
    }

    /** Sends hooks one after the other over one connection, and adds the time of each answer in milliseconds. */
    private static void accept(Leprechaun daemon, int count, List<Double> millis) throws IOException {
        byte[] request = Connection.post("/hook?id=other");
        try (var connection = new Connection(daemon.port())) {
            for (int i = 0; i < count; i++) {
                long sent = System.nanoTime();
                int came = connection.exchange(request);
                millis.add((System.nanoTime() - sent) / 1e6);
                LostException.unless(came == 202, "a hook was answered with " + connection.text());
            }
        }
    }

    /** The processor time and context switches of a daemon. */
    private record Use(long nanos, long switches) {
        static final Use NONE = new Use(0, 0);

        interface Action {
            void run() throws IOException;
        }

        static Use of(Leprechaun daemon, Action action) throws IOException {
            long nanos = Cpu.exact(daemon.pid());
            long switches = Cpu.switches(daemon.pid());
            action.run();
            return new Use(Cpu.exact(daemon.pid()) - nanos, Cpu.switches(daemon.pid()) - switches);
        }

        Use plus(Use more) {
            return new Use(nanos + more.nanos, switches + more.switches);
        }
    }
}
