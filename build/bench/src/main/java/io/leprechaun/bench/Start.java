package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The time from the launcher until the daemon accepts work, with a hundred recipes, beside pm2's until it answers. Each has run here before, as at every boot of a machine but the first. */
final class Start implements Part {
    /** The pause in milliseconds after which written recipes count as complete. The daemon checks younger ones twice, which does not happen at a machine's boot. */
    private static final int AT_REST_MILLIS = 1100;

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        Map<String, String> recipes = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            recipes.put("yearly" + i, "definition: cron\npattern: \"@yearly\"\nsteps:\n  - \"true\"\n");
        }
        boolean pm2 = Lab.installed("pm2");
        var ours = new ArrayList<Double>();
        var theirs = new ArrayList<Double>();
        Path folder = Leprechaun.prepare(lab, "start", 5, 1000, recipes);
        Leprechaun.pause(AT_REST_MILLIS);
        for (int round = 0;
                round <= lab.size(12, 4);
                round++) { // the first one creates the state, and warms up the disk's cache
            var watch = Stopwatch.start();
            var daemon = Leprechaun.launch(lab, folder);
            add(round, watch.seconds() * 1000, ours);
            daemon.stop();
            if (pm2) {
                Map<String, String> home = Pm2.environment(lab);
                lab.ender(home, List.of("pm2", "kill"));
                var other = Stopwatch.start();
                lab.run(home, List.of("pm2", "ping")); // starts its daemon, and answers when the daemon does
                add(round, other.seconds() * 1000, theirs);
                lab.run(home, List.of("pm2", "kill"));
            }
        }
        lab.remove(folder);
        Row row = Row.of(
                "ms: start to ready, 100 recipes", Samples.of(ours), "%.0f", "launcher to the line that says so");
        if (!pm2) {
            return List.of(row, Row.absent("ms: pm2's start", "pm2 is not installed: npm install -g pm2"));
        }
        Samples ratio = Samples.ratios(ours, theirs);
        return List.of(
                row.against(ratio, "pm2's").aiming(Goal.atMost(1.0, ""), ratio.median()),
                Row.of("ms: pm2's start", Samples.of(theirs), "%.0f", "until `pm2 ping` is answered"));
    }

    private static void add(int round, double millis, List<Double> to) {
        if (round > 0) {
            to.add(millis);
        }
    }
}
