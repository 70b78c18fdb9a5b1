package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The number of hooks a second that are accepted durably, while none of them runs yet, and the time of one durable record. */
final class Hooks implements Part {
    private static final Pattern RECORD = Pattern.compile("([0-9.]+) us a record");
    private static final Pattern OF_MANY = Pattern.compile("([0-9.]+) us of a hundred");
    private static final int ROUNDS = 3;

    private final Map<String, List<Double>> measured = new LinkedHashMap<>();

    @Override
    public List<Row> measure(Lab lab) throws IOException, InterruptedException {
        int count = lab.size(40_000, 10_000);
        for (int round = 1; round <= ROUNDS; round++) {
            Lab.say("hooks, round " + round + " of " + ROUNDS);
            leprechaun(lab, count);
            if (Lab.installed("webhook")) {
                webhook(lab, count / 4);
            }
            records(lab, lab.size(2000, 1000));
        }
        return rows();
    }

    private void note(String what, double value) {
        measured.computeIfAbsent(what, k -> new ArrayList<>()).add(value);
        Lab.say("  " + what + ": " + Math.round(value));
    }

    private void leprechaun(Lab lab, int count) throws IOException {
        String blocked = Leprechaun.hook("blocked", "sleep 1000");
        try (var daemon = Leprechaun.start(lab, "hooks", 1, Map.of("blocked", blocked))) {
            byte[] request = Connection.post("/hook?id=blocked");
            Load.send(daemon.port(), 64, count / 4, i -> request, 202);
            note("64 connections", rate(daemon.port(), 64, count, request, 202));
            note("one connection", rate(daemon.port(), 1, count / 20, request, 202));
            int accepted = count / 4 + count + count / 20;
            String info = daemon.ask("/server/info", "application/json");
            LostException.unless(
                    info.contains("\"running\":1,\"queued\":" + (accepted - 1) + ","),
                    accepted + " hooks were accepted, and " + info);
        }
    }

    private void webhook(Lab lab, int count) throws IOException {
        try (var webhook = Webhook.starting(lab, Path.of("/bin/true"), Path.of("x"))) {
            byte[] request = Connection.post("/hooks/bench");
            Load.send(webhook.port(), 64, count / 4, i -> request, 200);
            note("webhook", rate(webhook.port(), 64, count, request, 200));
        }
    }

    private static double rate(int port, int connections, int count, byte[] request, int status) throws IOException {
        var clock = Stopwatch.start();
        Load.send(port, connections, count, i -> request, status);
        return count / clock.seconds();
    }

    private void records(Lab lab, int count) throws IOException {
        Optional<Path> limit = lab.compiled("flush_limit");
        if (limit.isPresent()) {
            note(
                    "limit of a record",
                    number(
                            RECORD,
                            lab.run(
                                    limit.get().toString(),
                                    "" + count,
                                    lab.file("flushed").toString())));
        }
        Path store = lab.folder("store").resolve("leprechaun.db");
        String jars;
        try (Stream<Path> files = Files.walk(lab.tree().resolve("lib"))) {
            jars = files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .collect(Collectors.joining(":"));
        }
        String said = lab.run(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dorg.sqlite.lib.path=" + lab.tree().resolve("lib/native"),
                "-Dorg.sqlite.lib.name=libsqlitejdbc.so",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                jars + ":" + System.getProperty("java.class.path"),
                StoreProbe.class.getName(),
                "" + count,
                store.toString());
        lab.remove(store.getParent());
        note("record", number(RECORD, said));
        note("record of a hundred", number(OF_MANY, said));
    }

    private static double number(Pattern pattern, String said) {
        Matcher found = pattern.matcher(said);
        LostException.unless(found.find(), "there is no figure in " + said);
        return Double.parseDouble(found.group(1));
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        var many = measured.get("64 connections");
        Row ours = Row.of("hooks/s accepted: Leprechaun, 64 connections", Samples.of(many), "%.0f", "none runs yet");
        if (measured.containsKey("webhook")) {
            var theirs = measured.get("webhook");
            rows.add(Row.of(
                    "hooks/s answered: webhook, 64 connections",
                    Samples.of(theirs),
                    "%.0f",
                    "not durable; starts the command"));
            var ratio = Samples.ratios(many, theirs);
            ours = ours.against(ratio, "webhook").aiming(Goal.atLeast(1), ratio.median());
        } else {
            rows.add(Row.absent("hooks/s answered: webhook", "webhook is not installed"));
        }
        rows.add(ours);
        var one = measured.get("one connection");
        rows.add(Row.of("hooks/s accepted: Leprechaun, one connection, one flush a hook", Samples.of(one), "%.0f", "")
                .against(Samples.ratios(one, many), "64"));
        Row record = Row.of("us a durable record, one a flush", Samples.of(measured.get("record")), "%.0f", "");
        if (measured.containsKey("limit of a record")) {
            var limit = measured.get("limit of a record");
            rows.add(Row.of("us limit: a page and fdatasync, blocks taken before", Samples.of(limit), "%.0f", ""));
            var ratio = Samples.ratios(measured.get("record"), limit);
            record = record.against(ratio, "limit").aiming(Goal.atMost(1.4, ""), ratio.median());
        }
        rows.add(record);
        var of = Samples.of(measured.get("record of a hundred"));
        rows.add(Row.of("us a durable record, a hundred at once", of, "%.1f", "")
                .aiming(Goal.atMost(10, " us"), of.median()));
        return rows;
    }
}
