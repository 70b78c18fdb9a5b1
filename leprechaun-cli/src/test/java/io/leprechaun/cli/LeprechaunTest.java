package io.leprechaun.cli;

import static io.leprechaun.cli.client.FakeDaemon.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.AnsweredBy;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.cli.client.FakeDaemon;
import io.leprechaun.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class LeprechaunTest {
    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> became = new ArrayList<>();
    private Terminal terminal = new Screenless();
    private OutputStream stdout = out;
    private Optional<Path> tree = Optional.empty();
    private long uid = Host.current().uid();

    /** No terminal at all. */
    private static final class Screenless implements Terminal {
        @Override
        public boolean is(int descriptor) {
            return false;
        }

        @Override
        public int columns() {
            throw new AssertionError("asking for the width is slow and useless here");
        }
    }

    /** A terminal of 123 columns. */
    private static final class Wide implements Terminal {
        @Override
        public boolean is(int descriptor) {
            return true;
        }

        @Override
        public int columns() {
            return 123;
        }
    }

    @BeforeEach
    void nothing_of_this_machine_is_seen() {
        environment.put("HOME", folder.toString());
        environment.put("XDG_RUNTIME_DIR", folder.toString());
    }

    @Test
    void an_answer_goes_to_stdout_and_its_code_is_the_exit_code() throws IOException {
        try (var fake = FakeDaemon.answering(socket(), answer(200, "Leprechaun-Exit: 1\r\n", "status:  started\n"))) {
            assertThat(run("scheduler", "info")).isEqualTo(1);
            assertThat(printed()).isEqualTo("status:  started\n");
            assertThat(said()).isEmpty();
            assertThat(fake.lines()).containsExactly("GET /scheduler/info?color=false");
        }
    }

    @Test
    void every_form_of_a_command_sends_the_same() throws IOException {
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", ""))) {
            run("--cmd=server workers:kill 'a b' --json");
            run("server", "workers:kill", "a b", "--json");
            run("--json", "server", "--socket", socket().toString(), "workers:kill", "a b");
            assertThat(fake.lines()).hasSize(3).containsOnly("GET /server/workers/kill?args=a%20b");
            assertThat(fake.requests())
                    .allSatisfy(request -> assertThat(request).contains("Accept: application/json\r\n"));
        }
    }

    @Test
    void options_of_the_command_are_passed_on() throws IOException {
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", ""))) {
            run("runs", "--failed", "--since", "1d", "-n", "5", "-q");
            assertThat(fake.lines())
                    .containsExactly(
                            "GET /history/list?args=--failed&args=--since&args=1d&args=-n&args=5&quiet=true&color=false");
        }
    }

    @ParameterizedTest
    @CsvSource({"400, 2", "403, 7", "404, 3", "409, 4", "429, 4", "503, 4", "504, 6", "500, 70"})
    void a_refusal_is_a_sentence_on_stderr(int status, int code) throws IOException {
        for (String header : List.of("", "Leprechaun-Exit: " + code + "\r\n", "Leprechaun-Exit: 0\r\n")) {
            err.reset();
            try (var fake = FakeDaemon.answering(socket(), answer(status, header, "no such recipe: 'x\u001b[2J'\n"))) {
                assertThat(run("show", "x")).isEqualTo(code);
                assertThat(fake.lines()).hasSize(1);
            }
            Files.delete(socket());
            assertThat(said()).isEqualTo("leprechaun: no such recipe: 'x\\e[2J'\n");
        }
        assertThat(printed()).isEmpty();
    }

    @Test
    void a_refusal_is_a_document_on_stdout_for_programs() throws IOException {
        String document = "{\"title\":\"Not found\",\"status\":404,\"detail\":\"no\",\"code\":3}";
        String answer =
                "HTTP/1.1 404 X\r\nContent-Type: application/problem+json\r\nLeprechaun-Exit: 3\r\nContent-Length: "
                        + document.length() + "\r\n\r\n" + document;
        try (var fake = FakeDaemon.answering(socket(), answer)) {
            assertThat(run("show", "x", "--json")).isEqualTo(3);
            assertThat(fake.lines()).hasSize(1);
        }
        assertThat(printed()).isEqualTo(document);
        assertThat(said()).isEmpty();
    }

    @Test
    void a_refusal_that_is_not_the_daemons_is_explained() throws IOException {
        try (var fake = FakeDaemon.answering(
                socket(), "HTTP/1.1 400 Bad\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<h1>")) {
            assertThat(run("show", "x")).isEqualTo(2);
            assertThat(fake.lines()).hasSize(1);
        }
        assertThat(said())
                .startsWith("leprechaun: unexpected answer 400 without a reason at " + socket())
                .hasLineCount(1);
    }

    @Test
    void an_answer_that_breaks_off_is_said_so() throws IOException {
        try (var fake = FakeDaemon.answering(socket(), "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")) {
            assertThat(run("runs")).isEqualTo(5);
            assertThat(fake.lines()).hasSize(1);
        }
        assertThat(printed()).isEqualTo("abc");
        assertThat(said())
                .startsWith("leprechaun: the daemon's answer is incomplete")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Broken pipe, 141, ''",
        "No space left on device, 70, leprechaun: cannot write the output: No space left on device"
    })
    void a_reader_that_has_gone_needs_no_word_and_a_full_disk_does(String failure, int code, String words)
            throws IOException {
        stdout = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        };
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", "abc"))) {
            assertThat(run("runs")).isEqualTo(code);
            assertThat(run("runs", "--json", "--config", "/gone.yml")).isEqualTo(code);
            assertThat(fake.lines()).hasSize(1);
        }
        assertThat(said().lines().distinct().toList()).isEqualTo(words.lines().toList());
    }

    @Test
    void each_place_without_a_daemon_is_named() throws IOException {
        Path state = Files.createDirectories(folder.resolve(".local/state/leprechaun"));
        try (var stale = FakeDaemon.answering(state.resolve("leprechaun.sock"), "")) {
            assertThat(stale.lines()).isEmpty();
        }
        assertThat(run("daemon", "info")).isEqualTo(5);
        assertThat(said())
                .startsWith("leprechaun: no daemon answers at " + socket() + " (no such file), ")
                .contains(
                        state.resolve("leprechaun.sock") + " (the daemon is not running)",
                        "/run/leprechaun/leprechaun.sock (",
                        "; start one with: ")
                .hasLineCount(1);
    }

    @Test
    void programs_get_a_document_when_no_daemon_answers() {
        assertThat(run("daemon", "info", "--json", "--socket", "/gone")).isEqualTo(5);
        assertThat(printed())
                .startsWith("{\"title\":\"Daemon not reachable\",\"status\":503,\"detail\":\"no daemon answers at /gone"
                        + " (no such file)")
                .endsWith(",\"code\":5}\n");
        assertThat(said()).isEmpty();
    }

    @Test
    void only_the_socket_that_was_asked_for_is_tried() throws IOException {
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", ""))) {
            assertThat(run("daemon", "info", "--socket", "/gone")).isEqualTo(5);
            environment.put("LEPRECHAUN_SOCKET", "/gone");
            assertThat(run("daemon", "info")).isEqualTo(5);
            assertThat(run("daemon", "info", "--socket=" + socket())).isZero();
            assertThat(fake.lines()).hasSize(1);
        }
    }

    @Test
    void settings_lead_to_the_socket() throws IOException {
        Path settings = Files.writeString(folder.resolve("x.yml"), "socket: other.sock # here\n");
        try (var user = FakeDaemon.answering(socket(), answer(200, "", "user"))) {
            try (var other = FakeDaemon.answering(folder.resolve("other.sock"), answer(200, "", "other"))) {
                assertThat(run("daemon", "info", "--config", settings.toString()))
                        .isZero();
                environment.put("LEPRECHAUN_CONFIG", settings.toString());
                assertThat(run("daemon", "info")).isZero();
                assertThat(other.lines()).hasSize(2);
            }
            assertThat(run("daemon", "info"))
                    .as("not another daemon than that of the settings")
                    .isEqualTo(5);
            assertThat(user.lines()).isEmpty();
        }
        assertThat(run("daemon", "info", "--config", "/gone.yml")).isEqualTo(2);
        assertThat(said()).endsWith("leprechaun: cannot read the settings /gone.yml: no such file\n");
    }

    @Test
    void settings_that_were_found_are_followed_by_the_usual_places() throws IOException {
        Files.createDirectories(folder.resolve(".config/leprechaun"));
        Files.writeString(folder.resolve(".config/leprechaun/leprechaun.yml"), "socket: /gone.sock\n");
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", "user"))) {
            assertThat(run("daemon", "info")).isZero();
            assertThat(fake.lines()).hasSize(1);
        }
    }

    @Test
    void a_path_too_long_for_a_socket_is_said_so() {
        assertThat(run("daemon", "info", "--socket", "/" + "x".repeat(107))).isEqualTo(5);
        assertThat(said()).contains("longer than 107 bytes");
    }

    @Test
    void a_socket_of_another_user_is_not_trusted_unless_named() throws IOException {
        uid = uid == 0 ? 4711 : uid + 1;
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", ""))) {
            if ((int) Files.getAttribute(socket(), "unix:uid") == 0) {
                Files.setAttribute(socket(), "unix:uid", 4712);
            }
            assertThat(run("daemon", "info")).isEqualTo(7);
            assertThat(said()).contains("belongs to user ", "untrusted socket ");
            assertThat(fake.lines()).isEmpty();
            assertThat(run("daemon", "info", "--socket", socket().toString())).isZero();
        }
    }

    @Test
    void colours_and_width_are_those_of_the_terminal() throws IOException {
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", "\u001b[32mok\u001b[0m \u001b]0;x\u0007"))) {
            environment.put("COLUMNS", "40");
            run("ls");
            terminal = new Wide();
            run("ls");
            environment.put("COLUMNS", "wide");
            environment.put("NO_COLOR", "1");
            run("ls");
            assertThat(fake.lines())
                    .containsExactly(
                            "GET /book/list?color=false&columns=40",
                            "GET /book/list?color=true&columns=40",
                            "GET /book/list?color=false&columns=123");
        }
        assertThat(printed())
                .as("only a terminal is guarded")
                .contains("\u001b]0;x\u0007")
                .endsWith("\u001b[32mok\u001b[0m \\e]0;x\\x07");
    }

    @Test
    void completion_offers_no_name_that_a_shell_would_read_as_more_than_a_word() throws IOException {
        try (var fake =
                FakeDaemon.answering(socket(), answer(200, "", "a;touch x\n$(id)\n--cmd=x\n\u001b[2J\nbackup\n42\n"))) {
            assertThat(run("__complete", "env", "")).isZero();
            assertThat(fake.lines()).containsExactly("GET /book/list?quiet=true");
        }
        assertThat(printed()).isEqualTo("backup\n42\n");
    }

    @Test
    void what_is_said_beside_output_has_a_line_and_the_style_of_its_own() throws IOException {
        terminal = new Wide();
        stdout = err;
        try (var fake = new FakeDaemon(socket(), this::aRunThatConceals)) {
            assertThat(run("run", "backup", "--follow")).isEqualTo(1);
            assertThat(fake.lines()).hasSize(4);
        }
        assertThat(said()).isEqualTo("\u001b[31mok\u001b[0m\nrun 42 failed\\nx\n");
    }

    private void aRunThatConceals(String line, OutputStream to) throws IOException {
        String answer = line.startsWith("GET /book/run")
                ? answer(405, "Allow: POST\r\n", "")
                : line.startsWith("POST /book/run")
                        ? answer(200, "", "42\n")
                        : line.startsWith("GET /history/logs")
                                ? answer(200, "", "o\0\0\0\u000b\u001b[31mok\u001b[8m")
                                : answer(200, "Leprechaun-Exit: 1\r\n", "run 42 failed\nx\n");
        to.write(answer.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_followed_run_prints_its_output_and_ends_as_it_does() throws IOException {
        try (var fake = new FakeDaemon(socket(), this::aRunThatFails)) {
            assertThat(run("run", "-p", "a=b", "backup", "--follow", "--wait", "--", "x"))
                    .isEqualTo(1);
            assertThat(fake.lines())
                    .containsExactly(
                            "GET /book/run?args=-p&args=a%3Db&args=backup&args=--&args=x&quiet=true",
                            "POST /book/run?args=-p&args=a%3Db&args=backup&args=--&args=x&quiet=true",
                            "GET /history/logs?args=-f&args=--framed&args=42",
                            "GET /history/wait?args=42");
        }
        assertThat(printed()).isEqualTo("output\n");
        assertThat(said()).isEqualTo("run 42 of backup\nrun 42 failed after 3 s\n");
    }

    private void aRunThatFails(String line, OutputStream to) throws IOException {
        String answer = line.startsWith("GET /book/run")
                ? answer(405, "Allow: POST\r\n", "")
                : line.startsWith("POST /book/run")
                        ? answer(200, "", "42\n")
                        : line.startsWith("GET /history/logs")
                                ? answer(200, "", "w\0\0\0\u0010run 42 of backupo\0\0\0\u0007output\n")
                                : answer(200, "Leprechaun-Exit: 1\r\n", "run 42 failed after 3 s\n");
        to.write(answer.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_run_that_is_refused_is_not_followed() throws IOException {
        try (var fake = FakeDaemon.answering(
                socket(), answer(409, "Leprechaun-Exit: 4\r\n", "run 41 of backup is still active\n"))) {
            assertThat(run("run", "backup", "--follow")).isEqualTo(4);
            assertThat(fake.lines()).hasSize(1);
        }
        assertThat(said()).isEqualTo("leprechaun: run 41 of backup is still active\n");
    }

    @Test
    void a_follower_that_loses_the_daemon_says_how_to_come_back() throws IOException {
        try (var fake = new FakeDaemon(
                socket(),
                (line, to) -> to.write((line.contains("/book/run")
                                ? answer(200, "", "42\n")
                                : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
                        .getBytes(StandardCharsets.UTF_8)))) {
            assertThat(run("run", "backup", "--follow")).isEqualTo(5);
            assertThat(fake.lines()).hasSize(2);
        }
        assertThat(said()).contains("run 42 continues; follow it with: leprechaun logs -f 42\n", "is incomplete");
    }

    @Test
    void each_verb_of_the_client_has_its_command_and_takes_no_more_than_it_names() {
        var options = Invocation.parse(List.of("version")).options();
        var verbs = Verbs.ALL.stream()
                .filter(verb -> verb.forms().stream().anyMatch(form -> form.place() == AnsweredBy.CLIENT))
                .map(Verb::name)
                .toList();
        assertThat(verbs).isNotEmpty().allSatisfy(verb -> {
            String command = leprechaun().own(verb, options).getClass().getSimpleName();
            assertThat(command).isEqualToIgnoringCase(verb + "Command");
        });
        assertThat(run("version", "now")).isEqualTo(2);
        assertThat(said()).contains("'now'");
    }

    @Test
    void an_interrupted_follower_says_how_to_come_back_and_others_say_nothing() throws IOException {
        Leprechaun[] leprechaun = new Leprechaun[1];
        try (var fake = new FakeDaemon(socket(), (line, to) -> {
            if (line.contains("/history/logs")) {
                leprechaun[0].interrupted();
            }
            aRunThatFails(line, to);
        })) {
            leprechaun[0] = leprechaun();
            leprechaun[0].run(List.of("run", "backup", "--follow"));
            leprechaun[0].interrupted();
            leprechaun().interrupted();
            assertThat(fake.lines()).hasSize(4);
        }
        assertThat(said()).containsOnlyOnce("run 42 continues; follow it with: leprechaun logs -f 42\n");
    }

    @ParameterizedTest
    @CsvSource({"run x --follow --json", "run x --follow --timeout 5s", "scheduler", "--nope", "a/b c", "--cmd='a b"})
    void wrong_usage_is_said_before_anything_is_sent(String line) throws IOException {
        try (var fake = FakeDaemon.answering(socket(), answer(200, "", ""))) {
            assertThat(run(line.split(" "))).isEqualTo(2);
            assertThat(fake.lines()).isEmpty();
        }
        assertThat(printed() + said()).hasLineCount(1);
    }

    @Test
    void what_needs_no_daemon_becomes_the_program_that_knows() {
        tree = Optional.of(Path.of("/opt/lep rechaun"));
        assertThat(run("check", "a b.yml", "--json")).isEqualTo(77);
        assertThat(run("next", "--pattern", "* * * * *", "-q", "-n", "3")).isEqualTo(77);
        assertThat(became)
                .containsExactly(
                        "/opt/lep rechaun/bin/leprechaund|offline|check|--json|a b.yml",
                        "/opt/lep rechaun/bin/leprechaund|offline|next|-q|--pattern|* * * * *|-n|3");
        tree = Optional.empty();
        assertThat(run("check")).isEqualTo(70);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "--help",
        "-h",
        "help",
        "scheduler --help",
        "ls --help",
        "show -h",
        "run --help",
        "runs --help",
        "logs --help",
        "next --help",
        "kill --help",
        "pause --help",
        "resume --help",
        "wait --help",
        "check --help",
        "version --help",
        "help run"
    })
    void help_goes_to_stdout_and_has_an_example(String line) {
        assertThat(run(Arrays.stream(line.split(" "))
                        .filter(word -> !word.isEmpty())
                        .toArray(String[]::new)))
                .isZero();
        assertThat(printed()).startsWith("Usage:\n  leprechaun").contains("Example", "--json");
        assertThat(said()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"version", "--version", "-V"})
    void the_version_is_the_builds_and_the_runtimes(String word) {
        assertThat(run(word)).isZero();
        assertThat(printed()).matches("leprechaun [0-9]+\\.[0-9]+\\.[0-9]+\\S* \\(Java 25\\S*\\)\n");
    }

    private int run(String... words) {
        return leprechaun().run(List.of(words));
    }

    private Leprechaun leprechaun() {
        var host = new Host(environment, folder, uid, tree);
        return new Leprechaun(host, terminal, new Console(stdout, err, terminal), (program, arguments) -> {
            became.add(program + "|" + String.join("|", arguments));
            return 77;
        });
    }

    private Path socket() {
        return folder.resolve("leprechaun.sock");
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
