package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The outcome of more hooks than can be run, over 64 connections that send as fast as they are answered. Accepted hooks run, the others are refused. */
final class Overload implements Part {
    private static final int CONNECTIONS = 64;
    private static final int WORKERS = 2;
    private static final int QUEUE = 100;

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        double seconds = lab.size(10, 3);
        var rows = new ArrayList<Row>();
        List<Double> peer = webhook(lab, seconds, rows);
        var recipes = Map.of("knock", Leprechaun.hook("knock", "/bin/true"));
        double calm = calm(lab, recipes);
        try (var daemon = Leprechaun.start(lab, "overload", WORKERS, QUEUE, recipes)) {
            for (int i = 0; i < lab.size(5, 2); i++) {
                daemon.run("knock", QUEUE); // warm, as the other
            }
            long before = succeeded(daemon);
            var answers = Load.sendFor(daemon.port(), CONNECTIONS, seconds, Connection.post("/hook?id=knock"));
            int accepted = answers.getOrDefault(202, 0);
            int left = daemon.unfinished();
            daemon.awaitIdle();
            long ran = succeeded(daemon) - before;
            LostException.unless(
                    ran == accepted && answers.keySet().stream().allMatch(status -> status == 202 || status == 429),
                    accepted + " hooks were accepted and " + ran + " ran; answers: " + answers);
            String note = "all " + accepted + " ran, " + answers.getOrDefault(429, 0) + " were told to come again";
            var ours = List.of(accepted / seconds, daemon.memory("VmHWM"));
            rows.add(row("hooks/s accepted under overload: Leprechaun, 2 work, 100 wait", ours, peer, 0, note));
            double kept = (accepted - left) / seconds / calm;
            rows.add(Row.of("runs/s under overload: Leprechaun", Samples.one((accepted - left) / seconds), "%.0f", "")
                    .against(Samples.one(kept), "runs/s without")
                    .aiming(Goal.atLeast(0.8), kept));
            rows.add(row("MiB at most: Leprechaun", ours, peer, 1, ""));
        }
        return rows;
    }

    private static long succeeded(Leprechaun daemon) throws IOException {
        return daemon.ask("/history/list?args=knock&args=--state&args=succeeded&args=-n&args=100000&quiet=true")
                .lines()
                .count();
    }

    /** Returns the runs a second when all wait in the queue and none is refused. */
    private static double calm(Lab lab, Map<String, String> recipes) throws IOException {
        int count = lab.size(2000, 500);
        try (var daemon = Leprechaun.start(lab, "calm", WORKERS, recipes)) {
            daemon.run("knock", count / 4);
            var clock = Stopwatch.start();
            daemon.run("knock", count);
            return count / clock.seconds();
        }
    }

    /** Measures webhook, adds its rows, and returns its hooks a second and MiB; empty where it is not installed. */
    private static List<Double> webhook(Lab lab, double seconds, List<Row> rows) throws IOException {
        if (!Lab.installed("webhook")) {
            rows.add(Row.absent("hooks/s under overload: webhook", "webhook is not installed"));
            return List.of();
        }
        try (var webhook = Webhook.starting(lab, Path.of("/bin/true"), Path.of("x"))) {
            var answers = Load.sendFor(webhook.port(), CONNECTIONS, seconds, Connection.post("/hooks/bench"));
            var theirs = List.of(answers.getOrDefault(200, 0) / seconds, Memory.of(webhook.pid(), "VmHWM"));
            rows.add(row("hooks/s answered under overload: webhook", theirs, List.of(), 0, "all started, none kept"));
            rows.add(row("MiB at most: webhook", theirs, List.of(), 1, "without the commands it starts"));
            return theirs;
        }
    }

    private static Row row(String what, List<Double> figures, List<Double> peer, int which, String note) {
        Row row = Row.of(what, Samples.one(figures.get(which)), "%.0f", note);
        return peer.isEmpty()
                ? row
                : row.against(Samples.ratios(List.of(figures.get(which)), List.of(peer.get(which))), "webhook");
    }
}
