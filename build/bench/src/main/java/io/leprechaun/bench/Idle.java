package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The processor time and memory of a daemon with a thousand recipes after work, when nothing is due. */
final class Idle implements Part {
    private static final int SECONDS = 10;

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        int count = lab.size(1000, 250);
        Map<String, String> recipes = new TreeMap<>(Map.of("step", Leprechaun.hook("step", "\"true\"")));
        for (int i = 0; i < 1000; i++) {
            recipes.put("yearly" + i, "definition: cron\npattern: \"@yearly\"\nsteps:\n  - \"true\"\n");
        }
        try (var daemon = Leprechaun.start(lab, "idle", 5, recipes)) {
            byte[] ping = Connection.get("/ping");
            Load.send(daemon.port(), 64, 9 * count, i -> ping, 200);
            daemon.run("step", count);
            daemon.check("step", count);
            Lab.say("idle: " + SECONDS + " s");
            Leprechaun.pause(2000);
            long before = Cpu.exact(daemon.pid());
            long switches = Cpu.switches(daemon.pid());
            Leprechaun.pause(SECONDS * 1000L);
            double share = Cpu.share(before, Cpu.exact(daemon.pid()), SECONDS);
            double wakes = (Cpu.switches(daemon.pid()) - switches) / (double) SECONDS;
            double bare = bareWakes(lab);
            String after = "1001 recipes, after " + 10 * count + " requests and " + count + " runs";
            return List.of(
                    Row.of("% of a core: idle daemon", Samples.one(share), "%.2f", "over " + SECONDS + " s; " + after)
                            .aiming(Goal.atMost(0.2, " %"), share),
                    Row.of(
                                    "wake-ups/s: idle daemon",
                                    Samples.one(wakes),
                                    "%.1f",
                                    Row.number("voluntary switches; a JVM that only sleeps: %.1f", bare))
                            .aiming(Goal.atMost(bare + 2, ""), wakes),
                    Row.of(
                            "MiB: idle daemon",
                            Samples.one(daemon.memory("VmRSS")),
                            "%.0f",
                            Row.number("at most %.0f", daemon.memory("VmHWM"))));
        }
    }

    /** Measures the wake-ups of a JVM that only sleeps, on the same runtime, with the same collector and compiler. */
    private static double bareWakes(Lab lab) throws IOException {
        Path source = lab.file("Sleep.java", """
            class Sleep {
                public static void main(String[] words) throws InterruptedException {
                    Thread.sleep(Long.MAX_VALUE);
                }
            }
            """);
        lab.run(System.getProperty("java.home") + "/bin/javac", source.toString());
        var command = List.of(
                lab.tree().resolve("lib/runtime/bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                source.getParent().toString(),
                "Sleep");
        Process sleeping = lab.start(Map.of(), lab.file("sleep.log"), command);
        Leprechaun.pause(2000);
        long switches = Cpu.switches(sleeping.pid());
        Leprechaun.pause(SECONDS * 1000L);
        double wakes = (Cpu.switches(sleeping.pid()) - switches) / (double) SECONDS;
        lab.end(sleeping);
        return wakes;
    }
}
