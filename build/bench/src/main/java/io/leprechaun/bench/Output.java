package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The speed at which a step can write. Beside it the same command, whose output a shell redirects to a file on the same file system. */
final class Output implements Part {
    private static final long MIB = 1024 * 1024;

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        int size = lab.size(2048, 512);
        int rounds = 5;
        String command = "head -c " + size * MIB + " /dev/zero";
        List<Double> theirs = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        try (var daemon = Leprechaun.start(lab, "output", 2, Map.of("write", Leprechaun.hook("write", command)))) {
            daemon.run("write", 1);
            lab.remove(only(daemon.output()));
            for (int round = 1; round <= rounds; round++) {
                Lab.say("output, round " + round + " of " + rounds);
                Path file = lab.file("redirected");
                var clock = Stopwatch.start();
                lab.run("/bin/sh", "-c", command + " > '" + file + "'");
                theirs.add(size / clock.seconds());
                whole(lab, file, size);

                long before = Cpu.exact(daemon.pid());
                clock = Stopwatch.start();
                try (var connection = new Connection(daemon.port())) {
                    int status = connection.exchange(Connection.post("/hook?id=write&wait=10m"));
                    LostException.unless(status == 200, "a hook was answered with " + connection.text());
                }
                double seconds = clock.seconds();
                ours.add(size / seconds);
                shares.add(Cpu.share(before, Cpu.exact(daemon.pid()), seconds));
                whole(lab, only(daemon.output()), size);
            }
        }
        var ratios = Samples.ratios(ours, theirs);
        var share = Samples.of(shares);
        return List.of(
                Row.of(
                        "MiB/s of output: shell redirect",
                        Samples.of(theirs),
                        "%.0f",
                        size + " MiB, " + rounds + " rounds"),
                Row.of("MiB/s of output: Leprechaun step", Samples.of(ours), "%.0f", "every byte counted")
                        .against(ratios, "redirect")
                        .aiming(Goal.atLeast(0.95), ratios.median()),
                Row.of(
                                "% of a core: the daemon meanwhile",
                                share, "%.2f", "taking the hook, starting and recording the run")
                        .aiming(Goal.atMost(1, " %"), share.median()));
    }

    private static void whole(Lab lab, Path file, int size) throws IOException {
        LostException.unless(Files.size(file) == size * MIB, file + " has " + Files.size(file) + " bytes");
        lab.remove(file);
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            LostException.unless(files.size() == 1, "instead of one file of output there are " + files.size());
            return files.getFirst();
        }
    }
}
