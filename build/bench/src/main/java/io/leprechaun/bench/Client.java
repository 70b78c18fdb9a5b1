package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cost of a client's command, from its launcher to its end. It is measured beside a JVM that only prints hello, and the clients of peers. */
final class Client implements Part {
    private static final String OURS = "leprechaun scheduler info";
    private static final String HELLO = "JVM hello";
    private static final String SUPERVISOR = "supervisorctl status";
    private static final String PM2 = "pm2 jlist";

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        var commands = new LinkedHashMap<String, List<String>>();
        try (var daemon = Leprechaun.start(lab, "client", 5, Map.of())) {
            commands.put(
                    OURS,
                    List.of(
                            lab.tree().resolve("bin/leprechaun").toString(),
                            "--socket",
                            daemon.socket(),
                            "scheduler",
                            "info"));
            commands.put(HELLO, Hello.command(lab));
            Optional<Process> supervisor = supervisor(lab, commands);
            Map<String, String> pm2 = Pm2.environment(lab);
            if (Lab.installed("pm2")) {
                lab.run(pm2, List.of("pm2", "ping"));
                lab.ender(pm2, List.of("pm2", "kill"));
                commands.put(PM2, List.of("pm2", "jlist"));
            }
            var rows = rows(lab, commands, pm2);
            supervisor.ifPresent(lab::end);
            if (commands.containsKey(PM2)) {
                lab.run(pm2, List.of("pm2", "kill"));
            }
            return rows;
        }
    }

    private static List<Row> rows(Lab lab, Map<String, List<String>> commands, Map<String, String> environment)
            throws IOException, InterruptedException {
        int rounds = lab.size(30, 8);
        var times = new LinkedHashMap<String, List<Double>>();
        commands.keySet().forEach(name -> times.put(name, new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) { // the first one warms up the disk's cache
            for (var command : commands.entrySet()) {
                var watch = Stopwatch.start();
                String said = lab.run(environment, command.getValue());
                double millis = watch.seconds() * 1000;
                LostException.unless(!said.isBlank(), command.getKey() + " said nothing");
                if (round > 0) {
                    times.get(command.getKey()).add(millis);
                }
            }
        }
        var rows = new ArrayList<Row>();
        List<Double> ours = times.get(OURS);
        Samples ofHello = Samples.ratios(ours, times.get(HELLO));
        rows.add(Row.of("ms: " + OURS, Samples.of(ours), "%.0f", "launcher to end")
                .against(ofHello, HELLO)
                .aiming(Goal.atMost(2.0, ""), ofHello.median()));
        times.forEach((name, millis) -> {
            if (!name.equals(OURS)) {
                rows.add(Row.of("ms: " + name, Samples.of(millis), "%.0f", ""));
            }
        });
        if (times.containsKey(SUPERVISOR)) {
            Samples ofSupervisor = Samples.ratios(ours, times.get(SUPERVISOR));
            rows.add(Row.of("ms: " + OURS + " again", Samples.of(ours), "%.0f", "")
                    .against(ofSupervisor, SUPERVISOR)
                    .aiming(Goal.atMost(0.35, ""), ofSupervisor.median()));
        } else {
            rows.add(Row.absent("ms: " + SUPERVISOR, "supervisor is not installed"));
        }
        rows.addAll(memory(lab, commands));
        return rows;
    }

    private static List<Row> memory(Lab lab, Map<String, List<String>> commands)
            throws IOException, InterruptedException {
        Optional<Path> peak = lab.compiled("peak");
        if (peak.isEmpty()) {
            return List.of(Row.absent("MiB: " + OURS, "there is no C compiler"));
        }
        var ours = new ArrayList<Double>();
        var hello = new ArrayList<Double>();
        for (int i = 0; i < lab.size(10, 3); i++) {
            ours.add(peak(lab, peak.get(), commands.get(OURS)));
            hello.add(peak(lab, peak.get(), commands.get(HELLO)));
        }
        Samples ratio = Samples.ratios(ours, hello);
        return List.of(
                Row.of("MiB at most: " + OURS, Samples.of(ours), "%.0f", "")
                        .against(ratio, HELLO)
                        .aiming(Goal.atMost(1.3, ""), ratio.median()),
                Row.of("MiB at most: " + HELLO, Samples.of(hello), "%.0f", ""));
    }

    private static double peak(Lab lab, Path peak, List<String> command) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(peak.toString()));
        words.addAll(command);
        return lab.run(Map.of(), words)
                .lines()
                .filter(line -> line.startsWith("peak "))
                .mapToDouble(line -> Long.parseLong(line.substring(5)) / 1024.0)
                .findFirst()
                .orElseThrow();
    }

    /** Starts a supervisord with one program; empty where it is not installed. */
    private static Optional<Process> supervisor(Lab lab, Map<String, List<String>> commands) throws IOException {
        if (!Lab.installed("supervisord")) {
            return Optional.empty();
        }
        Path folder = lab.folder("supervisor");
        Path config = lab.file("supervisor/supervisord.conf", """
            [supervisord]
            nodaemon=true
            pidfile=%1$s/pid
            logfile=%1$s/log
            [unix_http_server]
            file=%1$s/socket
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
            [supervisorctl]
            serverurl=unix://%1$s/socket
            [program:sleep]
            command=sleep 1000
            """.formatted(folder));
        Process daemon = lab.start(Map.of(), folder.resolve("out"), List.of("supervisord", "-c", config.toString()));
        while (daemon.isAlive() && !Files.exists(folder.resolve("socket"))) {
            Leprechaun.pause(20);
        }
        Leprechaun.pause(2000); // its program counts as running after a second
        commands.put(SUPERVISOR, List.of("supervisorctl", "-c", config.toString(), "status"));
        return Optional.of(daemon);
    }
}
