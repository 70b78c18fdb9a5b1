package io.leprechaun.daemon.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class MessageWriterTest {
    /**
     * A line feed, a carriage return, NUL, escape, the separators of lines and paragraphs, and controls that turn the
     * reading direction.
     */
    private static final String HOSTILE =
            "a\r\nBcc: x@y\n.\r\nQUIT\0\u001b]0;t\u0007\u2028\u2029\u202e\u2066\u200f\ud800\u0085z";

    @TempDir
    private Path folder;

    private OutputFolder outputs;
    private MessageWriter text;

    @BeforeEach
    void a_host() {
        outputs = new OutputFolder(folder);
        text = text("web1");
    }

    private MessageWriter text(String host) {
        return new MessageWriter(host, outputs, new RunDocument(ZoneId.of("Europe/Berlin")), run -> RunContext.NONE);
    }

    private String subject(Notice notice) {
        return text.message(List.of(notice)).subject();
    }

    private String body(Notice notice) {
        return text.message(List.of(notice)).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FAILURE  | FAILED    | exit 2                           | [web1] backup FAILED (exit 2, 4m)",
                "FAILURE  | FAILED    |                                  | [web1] backup FAILED (4m)",
                "FAILURE  | TIMED_OUT | timed out after 4m               | [web1] backup TIMED OUT (after 4m)",
                "FAILURE  | TIMED_OUT | step 3: timed out after 4m       | [web1] backup TIMED OUT (after 4m)",
                "FAILURE  | LOST      | the daemon ended during the run  | [web1] backup LOST (the daemon ended during"
                        + " the run)",
                "RECOVERY | SUCCEEDED |                                  | [web1] backup RECOVERED (4m)",
                "SUCCESS  | SUCCEEDED |                                  | [web1] backup SUCCEEDED (4m)",
                "REJECTED | REJECTED  | recipe removed                   | [web1] backup REJECTED (recipe removed)",
                "MISSED   | MISSED    | the daemon was not running       | [web1] backup MISSED (the daemon was not"
                        + " running)",
            })
    void the_subject_says_where_what_and_why(NoticeEvent kind, RunState state, String reason, String subject) {
        var notice = new Notice(1, kind, Samples.run(state, Optional.ofNullable(reason)));
        assertThat(subject(notice)).isEqualTo(subject);
    }

    @Test
    void the_subject_of_a_failed_step_has_its_exit_code() {
        assertThat(subject(Samples.failure(1, "false"))).isEqualTo("[web1] backup FAILED (exit 2, 4m)");
        var killed = Samples.run(RunState.FAILED, Optional.empty(), Samples.step(1, "x", StepState.FAILED, 137));
        assertThat(subject(new Notice(1, NoticeEvent.FAILURE, killed)))
                .isEqualTo("[web1] backup FAILED (137 (KILL), 4m)");
    }

    @Test
    void the_body_tells_the_whole_story() throws IOException {
        Samples.output(outputs, 2, "dumping\nno space left\n");
        assertThat(body(Samples.failure(1, "pg_dump app"))).isEqualTo("""
            run 42 of backup failed after 4m: step 2: exit 2.

            Host:    web1
            Recipe:  backup
            Trigger: manual by alice
            Started: 2026-11-23 13:00:00 Europe/Berlin
            Ended:   2026-11-23 13:04:00 Europe/Berlin
            Step:    2: pg_dump app
            Outcome: exit 2

            Output of step 2:

                dumping
                no space left

            Details: leprechaun logs 42
            History: leprechaun runs backup
            Retry:   leprechaun retry 42
            Silence: leprechaun ack backup --for 1d
            """);
    }

    @Test
    void every_failed_step_is_named_and_the_first_one_shown() throws IOException {
        Samples.output(outputs, 1, "first\n");
        Samples.output(outputs, 3, "third\n");
        var run = Samples.run(
                RunState.FAILED,
                Optional.empty(),
                Samples.step(1, "one", StepState.FAILED, 1),
                Samples.step(2, "two", StepState.SUCCEEDED, 0),
                Samples.step(3, "three", StepState.TIMED_OUT, 143));
        assertThat(body(new Notice(1, NoticeEvent.FAILURE, run)))
                .contains("Step:    1: one\nOutcome: exit 1\nStep:    3: three\nOutcome: 143 (TERM)\n")
                .contains("\nOutput of step 1:\n\n    first\n")
                .doesNotContain("third")
                .doesNotContain("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \n\t\n"})
    void a_step_that_printed_nothing_is_said_to(String output) throws IOException {
        Samples.output(outputs, 2, output);
        assertThat(body(Samples.failure(1, "false"))).contains("\nNo output of step 2.\n");
    }

    @Test
    void output_that_is_gone_is_no_output() {
        assertThat(body(Samples.failure(1, "false"))).contains("\nNo output of step 2.\n");
    }

    @Test
    void a_file_that_is_no_output_is_not_read() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2\n");
        Path link = Samples.output(outputs, 2, "");
        Files.delete(link);
        Files.createSymbolicLink(link, secret);
        assertThat(body(Samples.failure(1, "false"))).doesNotContain("hunter2");
    }

    @Test
    void of_much_the_first_ten_and_the_last_forty_lines_are_shown() throws IOException {
        Samples.output(outputs, 2, numbered(1, 100_000));
        assertThat(body(Samples.failure(1, "false")))
                .contains("(beginning and end):\n\n    line 1\n    line 2\n")
                .contains("    line 10\n    [...]\n    line 99961\n    line 99962\n")
                .contains("    line 100000\n\nDetails");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 49, 50})
    void what_is_not_much_is_shown_whole(int lines) throws IOException {
        Samples.output(outputs, 2, numbered(1, lines));
        assertThat(body(Samples.failure(1, "false")))
                .contains("Output of step 2:\n\n" + numbered(1, lines).indent(4) + "\nDetails");
    }

    @Test
    void fifty_one_lines_are_much() throws IOException {
        Samples.output(outputs, 2, numbered(1, 51));
        assertThat(body(Samples.failure(1, "false")))
                .contains("    line 10\n    [...]\n    line 12\n")
                .doesNotContain("line 11\n");
    }

    private static String numbered(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> "line " + i + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void a_line_without_end_is_cut_in_its_middle() throws IOException {
        Samples.output(outputs, 2, "begin" + "ä".repeat(1_000_000) + "end");
        assertThat(body(Samples.failure(1, "false")))
                .contains("    beginää")
                .contains("\n    [...]\n")
                .contains("äend\n")
                .hasSizeLessThan(20_000);
    }

    @Test
    void lines_longer_than_the_tail_do_not_hide_the_line_after_them() throws IOException {
        Samples.output(outputs, 2, "x".repeat(100_000) + "\nthe reason\n");
        assertThat(body(Samples.failure(1, "false"))).contains("\n    [...]\n    the reason\n\n");
    }

    @Test
    void what_a_shell_means_by_its_own_codes_is_said() {
        var run = Samples.run(RunState.FAILED, Optional.empty(), Samples.step(1, "x", StepState.FAILED, 127));
        assertThat(body(new Notice(1, NoticeEvent.FAILURE, run))).contains("Outcome: exit 127: command not found\n");
    }

    @Test
    void the_past_stands_before_what_was_printed() throws IOException {
        Samples.output(outputs, 2, "no space left\n");
        var past = new RunContext(
                List.of("First failure after 212 successes."),
                Optional.empty(),
                List.of(new RunContext.Difference("The recipe has changed since then.", List.of("- a", "+ b\u202e"))));
        var writer = new MessageWriter("web1", outputs, new RunDocument(ZoneId.of("Europe/Berlin")), run -> past);
        assertThat(writer.message(List.of(Samples.failure(1, "false"))).text()).contains("""
            Outcome: exit 2

            First failure after 212 successes.

            The recipe has changed since then.

                - a
                + b\\u202e

            Output of step 2:

                no space left
            """);
    }

    @Test
    void the_page_says_the_same_and_holds_no_markup_from_outside() throws IOException {
        String hostile = "</pre><script>alert(1)</script><img src=x onerror=y>&amp;\"'";
        Samples.output(outputs, 2, hostile + "\n");
        var run = Samples.run(RunState.FAILED, Optional.of(hostile), Samples.step(2, hostile, StepState.FAILED, 2));
        var message = text(hostile).message(List.of(new Notice(1, NoticeEvent.FAILURE, run)));
        assertThat(message.html())
                .doesNotContain("<script", "<img", "&amp;\"")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;amp;&quot;")
                .contains("<code>leprechaun retry 42</code>");
        String shown = message.html()
                .replaceAll("<[^>]*>", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
        assertThat(words(shown)).isEqualTo(words(message.text().replaceAll("(?m)^([A-Z][a-z ]*):  *", "$1 ")));
    }

    @Test
    void many_notices_are_one_letter_that_names_each() {
        var failed = Samples.failure(1, "false");
        var lost = new Notice(2, NoticeEvent.FAILURE, Samples.run(RunState.LOST, Optional.of("x".repeat(1000))));
        var good = new Notice(3, NoticeEvent.RECOVERY, Samples.run(RunState.SUCCEEDED, Optional.empty()));
        var alarm = new Notice(4, NoticeEvent.ALARM, new Notice.About.Alert("the disk is\nfull", Samples.NOON));
        var message = text.message(List.of(failed, lost, good, alarm));
        assertThat(message.subject()).isEqualTo("[web1] 4 NOTICES (2 failure, 1 recovery, 1 alarm)");
        assertThat(message.text()).startsWith("""
            4 notices in one message: they came fast, or in quiet hours.

            Host:       web1
            The daemon: 1 alarm
            backup:     2 failure, 1 recovery

            Notices in order:

                2026-11-23 13:04:00  run 42 of backup failed after 4m: step 2: exit 2
                2026-11-23 13:04:00  run 42 of backup was lost after 4m: xxx\
            """).endsWith("""
                    2026-11-23 13:04:00  run 42 of backup succeeded after 4m
                    2026-11-23 13:00:00  the disk is\\nfull

                Details: leprechaun runs --failed
                """);
        assertThat(message.text().lines()).allMatch(line -> line.length() < 250);
    }

    /** A message of each kind, as people get them; {@code -Dleprechaun.letters=FILE} writes the present ones. */
    @Test
    void the_letters_are_those_of_the_fixture() throws IOException {
        Samples.output(outputs, 2, "dumping database app\n" + numbered(1, 100) + "pg_dump: error: no space left\n");
        var failed = Samples.failure(1, "pg_dump -v app > /backup/app.sql");
        var past = new RunContext(
                List.of("First failure after 212 successes. The last success was run 41, 2026-11-22" + " 13:04:00."),
                Optional.empty(),
                List.of(
                        new RunContext.Difference(
                                "The recipe has changed since then.", List.of("- - pg_dump app", "+ - pg_dump -v app")),
                        new RunContext.Difference(
                                "/usr/local/bin/dump has changed since then, 2026-11-23 09:12:44.", List.of())));
        var recovered = new RunContext(
                List.of("Before it, 3 runs in a row failed, since run 39, 2026-11-20 13:04:00."),
                Optional.empty(),
                List.of());
        var good = Samples.run(RunState.SUCCEEDED, Optional.empty());
        var letters = new ArrayList<Message>();
        letters.add(message(past, failed));
        letters.add(message(recovered, new Notice(2, NoticeEvent.RECOVERY, good)));
        letters.add(message(
                new RunContext(List.of(), Optional.of(Duration.ofSeconds(61)), List.of()),
                new Notice(3, NoticeEvent.SLOW, good)));
        var lost = Samples.run(RunState.LOST, Optional.of("the daemon ended during the run"));
        letters.add(message(past, new Notice(4, NoticeEvent.FAILURE, lost)));
        var skipped = Run.refused(
                lost.order(),
                RunState.SKIPPED,
                "run 42 has not ended",
                new Run.Repeat(3, Optional.empty()),
                Samples.NOON);
        letters.add(message(RunContext.NONE, new Notice(5, NoticeEvent.SKIPPED, skipped.numbered(43))));
        var missed = new Notice.About.Alert("down 41m: 7 due, 3 caught up, 4 missed by policy: backup 4", Samples.NOON);
        letters.add(message(RunContext.NONE, new Notice(6, NoticeEvent.MISSED, missed)));
        var alarm = new Notice.About.Alert("the store cannot be written: the disk is full", Samples.NOON);
        letters.add(message(RunContext.NONE, new Notice(7, NoticeEvent.ALARM, alarm)));
        letters.add(message(RunContext.NONE, failed, new Notice(2, NoticeEvent.RECOVERY, good)));
        String now = letters.stream()
                .map(message -> "Subject: " + message.subject() + "\n\n" + message.text())
                .collect(Collectors.joining("\n" + "-".repeat(72) + "\n\n"));
        String target = System.getProperty("leprechaun.letters");
        if (target != null) {
            Files.writeString(Path.of(target), now);
        }
        try (var fixture = MessageWriterTest.class.getResourceAsStream("letters.txt")) {
            assertThat(now).isEqualTo(new String(fixture.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private Message message(RunContext past, Notice... notices) {
        return new MessageWriter("web1", outputs, new RunDocument(ZoneId.of("Europe/Berlin")), run -> past)
                .message(List.of(notices));
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10%\\r50%\\r100%\\r\\n      | 100%            | a terminal shows what was written last",
                "\\e[1;31mFAIL\\e[0m\\n      | FAIL            | colours are left out",
                "a\\tb\\n                    | a    b          | tabs are spaces",
                "\\e]0;owned\\a\\n           | \\e]0;owned\\x07 | other sequences are shown, not obeyed",
                "a\\u202eb\\n                | a\\u202eb       | so is what turns the reading direction",
                "From x\\n                   | From x          | no mailbox is broken",
                "a\\0b\\n                    | a\\x00b         | NUL is shown",
            })
    void output_is_shown_safely(String printed, String shown, String why) throws IOException {
        String raw = printed.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\e", "\u001b")
                .replace("\\a", "\u0007")
                .replace("\\0", "\0")
                .replace("\\u202e", "\u202e");
        Samples.output(outputs, 2, raw);
        assertThat(body(Samples.failure(1, "false"))).as(why).contains("Output of step 2:\n\n    " + shown + "\n\n");
    }

    @Test
    void bytes_that_are_no_text_are_marked() throws IOException {
        Samples.output(outputs, 2, new byte[] {'a', (byte) 0xff, (byte) 0xc3, '\n', (byte) 0x80, 'b'});
        assertThat(body(Samples.failure(1, "false"))).contains("    a\ufffd\ufffd\n    \ufffdb\n");
    }

    @Test
    void nothing_from_outside_breaks_a_line() throws IOException {
        Samples.output(outputs, 2, HOSTILE.getBytes(StandardCharsets.UTF_8));
        var step = Samples.step(2, HOSTILE, StepState.FAILED, 2);
        var run = Samples.run(RunState.FAILED, Optional.of(HOSTILE), step);
        var notice = new Notice(1, NoticeEvent.FAILURE, run);
        String body = text(HOSTILE).message(List.of(notice)).text();
        assertThat(body.codePoints().filter(c -> c != '\n'))
                .noneMatch(c -> Character.isISOControl(c)
                        || c == 0x2028
                        || c == 0x2029
                        || c == 0x202e
                        || c == 0x2066
                        || c == 0x200f
                        || c >= 0xd800 && c <= 0xdfff);
        assertThat(body.lines().filter(line -> line.startsWith("Bcc") || line.startsWith(".") || line.equals("QUIT")))
                .isEmpty();
        var lost = new Notice(1, NoticeEvent.FAILURE, Samples.run(RunState.LOST, Optional.of(HOSTILE)));
        assertThat(text(HOSTILE).message(List.of(lost)).subject())
                .startsWith("[a\\r\\nBcc: x@y")
                .doesNotContain("\n", "\r", "\0");
    }

    @Test
    void no_text_passes_for_an_encoded_word() {
        var lost = Samples.run(RunState.LOST, Optional.of("=?UTF-8?Q?=0D=0ABcc:_x?="));
        assertThat(subject(new Notice(1, NoticeEvent.FAILURE, lost))).doesNotContain("=?");
    }

    @Test
    void the_subject_stays_short() {
        var lost = Samples.run(RunState.LOST, Optional.of("x".repeat(100_000)));
        assertThat(subject(new Notice(1, NoticeEvent.FAILURE, lost))).hasSizeLessThan(120);
    }
}
