package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Files and bodies that are small on disk or on the wire take little memory, and do not affect other recipes. */
@Tag("proof")
@Timeout(240)
class HostileFilesIT {
    private static final String STEPS = "steps: [ 'true' ]\n";
    private static final int FILE = 250 * 1024;

    @RegisterExtension
    private final Installation place = new Installation();

    private static String hook(String id, String pattern) {
        return "definition: hook\nid: the-hook-" + id + "\nhook: { rules: [ { json: a, regex: '" + pattern + "' } ] }\n"
                + STEPS;
    }

    private static String filled(String begin, String part, String end) {
        return begin + part.repeat((FILE - 1000) / part.getBytes(StandardCharsets.UTF_8).length) + end;
    }

    /** Returns files by name that load although they are large. */
    private static Map<String, String> large() {
        return Map.of(
                "words-1500", "steps: [ true" + " a".repeat(1500) + " ]\n",
                "words-20000", "steps: [ true" + " ab".repeat(20_000) + " ]\n",
                "words-quoted", "steps:\n- true" + " ab".repeat(20_000) + " | cat\n",
                "options", "steps:\n- /bin/cat" + " -u".repeat(50_000) + "\n");
    }

    /** Returns files by name that do not load, with a part of the reason. */
    private static Map<String, Map.Entry<String, String>> broken() {
        var files = new LinkedHashMap<String, Map.Entry<String, String>>();
        files.put("shells", Map.entry("steps:\n- cat" + " -u".repeat(50_000) + "\n", "the kernel allows 131071"));
        files.put("product", Map.entry(hook("product", "((((a{100}){100}){100}){100})"), "multiply"));
        files.put("optional", Map.entry(hook("optional", "((a{0,800}){0,800}){0,800}"), "multiply"));
        files.put("nested", Map.entry(hook("nested", "(".repeat(900) + "a" + ")".repeat(900)), "nested"));
        files.put("many", Map.entry(hook("many", "a{1000}b{1000}c{1000}"), "longer than"));
        files.put("expect", Map.entry("expect: { output: '((a{1000}){1000}){1000}' }\n" + STEPS, "multiply"));
        files.put("look", Map.entry("expect: { output: '^(?!error)' }\n" + STEPS, "RE2"));
        for (String name : List.of("aliases", "aliases-too")) {
            files.put(name, Map.entry(filled("鍵".repeat(66) + ": [", "*a,", "]\n"), "alias"));
        }
        files.put("values", Map.entry(filled("鍵".repeat(190) + ": [", "a,", "a]\n"), "missing steps"));
        files.put(
                "keys",
                Map.entry(
                        IntStream.range(0, 9000)
                                .mapToObj(i -> "stepz" + i + ": a\n")
                                .collect(Collectors.joining()),
                        "missing steps"));
        files.put("lists", Map.entry(filled("steps: ", "[", "\n"), "deep"));
        files.put("dashes", Map.entry(filled("steps:\n", "- ", "a\n"), "deep"));
        files.put("quote", Map.entry(filled("steps: \"a\n", "- ", "a\n"), "invalid YAML"));
        return files;
    }

    private static Map<String, JsonNode> listed(RunningDaemon daemon) throws Exception {
        return list(daemon.ask("/book/list").get("recipes")).stream()
                .collect(Collectors.toMap(recipe -> recipe.get("name").asString(), recipe -> recipe));
    }

    private void assertTaken(RunningDaemon daemon) throws Exception {
        eventually(() -> assertThat(listed(daemon)).hasSize(large().size() + broken().size() + 1));
        var listed = listed(daemon);
        large().keySet()
                .forEach(name -> assertThat(status(listed, name)).as(name).isEqualTo("ok"));
        broken().forEach((name, file) -> {
            assertThat(status(listed, name)).as(name).isEqualTo("broken");
            assertThat(listed.get(name).get("problem").asString()).as(name).contains(file.getValue());
        });
        int before = fired().size();
        eventually(() -> assertThat(fired()).hasSizeGreaterThanOrEqualTo(before + 2));
        assertThat(daemon.runToEnd("words-20000").get("state").asString()).isEqualTo("succeeded");
        assertThat(place.client("daemon", "health").code()).isZero();
        assertThat(daemon.isAlive()).isTrue();
        assertThat(daemon.log()).doesNotContain("Error", "Exception");
    }

    private static String status(Map<String, JsonNode> listed, String name) {
        return listed.get(name).get("status").asString();
    }

    private List<String> fired() {
        return lines(place.work().resolve("fired"));
    }

    @Test
    void a_file_breaks_no_other_one_whatever_it_holds() throws Exception {
        var daemon = place.recipe("good", "definition: cron\npattern: '* * * * * *'\nsteps: [ echo on >> fired ]\n")
                .start();
        eventually(() -> assertThat(fired()).isNotEmpty());
        broken().forEach((name, file) -> place.recipe(name, file.getKey()));
        large().forEach(place::recipe);
        assertTaken(daemon);
        var check = place.client("check");
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).contains("and 8901 more", "rest of the file was not read");
        assertThat(check.out() + check.err()).doesNotContain("Exception", "\tat ");
        assertThat(check.out().length()).isLessThan(1_000_000);
        assertThat(daemon.stop()).isZero();
        assertTaken(place.start());
    }

    @Test
    void an_expected_pattern_takes_no_stack_however_long_the_line() throws Exception {
        var daemon = place.recipe("expecting", """
            expect: { output: "^(ok,|skipped,)*end$" }
            steps:
            - |
              printf 'ok,%.0s' $(seq 5000)
              echo end
            """).start();
        assertThat(daemon.runToEnd("expecting").get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void many_bodies_of_json_take_little_at_once() throws Exception {
        var daemon = place.recipe(
                        "json", "definition: hook\nid: the-hook-id\nhook: { params: { x: { json: x } } }\n" + STEPS)
                .recipe("bystander", "steps: [ sleep 600 ]\n")
                .start();
        long bystander = daemon.begin("bystander");
        int size = 1024 * 1024 - 100;
        String many = IntStream.range(0, 90_000)
                .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":1,")
                .collect(Collectors.joining());
        var bodies = Stream.of(
                        "[" + "{},".repeat(size / 3) + "1]",
                        "[" + "1,".repeat(size / 2) + "1]",
                        "{\"a\":" + "[{\"a\":{}},".repeat(400) + "1" + "]".repeat(400) + "}",
                        "{" + many + "\"x\":1}",
                        "{\"x\":[" + "[],".repeat(size / 3 - 10) + "1]}",
                        "[" + "\"a\",".repeat(size / 4) + "1]",
                        "[" + "[".repeat(size / 2),
                        "1" + "0".repeat(size))
                .map(body -> body.getBytes(StandardCharsets.UTF_8))
                .toList();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> calls = Stream.concat(bodies.stream(), bodies.stream())
                    .map(body -> (Callable<Integer>)
                            () -> daemon.post("/hook?id=the-hook-id", body).statusCode())
                    .toList();
            for (var answer : senders.invokeAll(calls)) {
                assertThat(answer.get()).isIn(202, 400);
            }
        }
        assertThat(daemon.isAlive()).as(daemon.log()).isTrue();
        assertThat(daemon.run(bystander).get("state").asString()).isEqualTo("running");
        assertThat(daemon.post("/hook?id=the-hook-id", "{\"x\":\"y\"}".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void without_a_daemon_each_verb_answers_in_a_sentence() throws Exception {
        Path pipe = place.recipes().resolve("pipe.yml");
        assertThat(place.shell("mkfifo " + pipe).code()).isZero();
        Files.createSymbolicLink(place.recipes().resolve("endless.yml"), Path.of("/dev/zero"));
        Files.createSymbolicLink(place.work().resolve("endless.ini"), Path.of("/dev/zero"));
        Path noise = place.work().resolve("noise");
        byte[] bytes = new byte[20_000];
        new Random(1).nextBytes(bytes);
        Files.write(noise, bytes);
        place.recipe("hooked", "definition: hook\nid: the-hook-id\n" + STEPS);
        for (String[] words : new String[][] {
            {"check"},
            {"check", pipe.toString()},
            {"check", "/dev/zero"},
            {"check", "--from-original", place.work().resolve("endless.ini").toString()},
            {"hook", "test", "hooked", "--body", "/dev/zero"},
            {"hook", "test", pipe.toString()},
            {"verify", noise.toString()},
            {"verify", "/dev/null"},
            {"verify", place.work().toString()},
            {"simulate", noise.toString()},
            {"backup", place.work().resolve("none/copy").toString()},
            {"new", "a/b"},
            {"runs", "--since", "x".repeat(10_000)},
            {"next", "--pattern", "* ".repeat(10_000)},
        }) {
            var ended = place.client(words);
            assertThat(ended.code()).as("%s %s", List.of(words), ended.err()).isIn(1, 2, 3, 4, 5);
            assertThat(ended.err()).as(List.of(words).toString()).isNotBlank();
            assertThat(ended.out() + ended.err()).as(List.of(words).toString()).doesNotContain("Exception", "\tat ");
        }
        String program = Installation.TREE.resolve("bin/leprechaun").toString();
        var gone = place.shell(
                "mkdir " + place.work() + "/d && cd " + place.work() + "/d && rmdir ../d && " + program + " ls");
        assertThat(gone.code()).isEqualTo(5);
        assertThat(gone.err()).doesNotContain("Exception", "\tat ", "Error");
        assertThat(gone.err().lines().toList()).hasSizeLessThanOrEqualTo(3);
    }
}
