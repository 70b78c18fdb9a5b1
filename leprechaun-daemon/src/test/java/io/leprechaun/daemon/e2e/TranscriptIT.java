package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Verbs;
import io.leprechaun.api.text.Width;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The client's answers to some hundred and forty command lines, valid and invalid, are a readable file. A change of it
 * is a change of the user interface: with {@code -Dleprechaun.transcript=FILE} it is written there, to be reviewed and
 * to replace the old one.
 */
@Tag("proof")
@Timeout(240)
class TranscriptIT {
    private static final String FIXTURE = "transcript.txt";
    private static final int FEWEST_CALLS = 100;
    private static final Pattern WIDE = Pattern.compile("COLUMNS=([0-9]+) .*");

    private static final String SPAN =
            "\\b([0-9]+(\\.[0-9]+)? ?m?s|([0-9]+(ms|[smhd])( (?=[0-9]+[smhd]\\b))?)+)( ago)?\\b";

    @RegisterExtension
    private final Installation place = new Installation();

    @BeforeEach
    void recipes() throws IOException {
        assumeTrue(
                (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0,
                "the transcript is root's: what another user may not is in it");
        place.environment().put("PATH", Installation.TREE.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        place.environment().put("PLACE", place.folder().toString());
        place.recipe("good", "description: says fine\nsteps: [ echo fine ]\n")
                .recipe("bad", "steps:\n  - echo about to fail\n  - ! exit 3\n  - echo never\n")
                .recipe("params", "steps: [ 'echo \"$LEPRECHAUN_PARAM_GREETING, $LEPRECHAUN_PARAM_NAME\"' ]\n")
                .recipe("nightly", "definition: cron\npattern: 0 3 1 1 *\nsteps: [ 'echo $LEPRECHAUN_TRIGGER' ]\n")
                .recipe("slow", "lock: disk\ngrace: 1s\nsteps: [ sleep 600 ]\n")
                .recipe("hooked", "definition: hook\nid: 0123456789abcdef\nsteps: [ 'true' ]\n")
                .recipe("off", "enabled: false\nsteps: [ 'true' ]\n")
                .recipe("broken", "steps: [ 'true' ]\noverlop: skip\n");
    }

    @Test
    void every_verb_is_answered_as_the_transcript_says() throws Exception {
        place.start();
        List<String> before = fixture();
        List<String> calls =
                before.stream().filter(line -> line.startsWith("$ ")).toList();
        assertThat(calls).hasSizeGreaterThan(FEWEST_CALLS);
        var now = new ArrayList<String>();
        var codes = new TreeSet<Integer>();
        for (String call : calls) {
            String line = call.substring(2);
            var ended = place.shell(line);
            codes.add(ended.code());
            assertFits(line, ended.out());
            now.add(call);
            ended.out().lines().forEach(text -> now.add(stable(text)));
            ended.err().lines().forEach(text -> now.add("2> " + stable(text)));
            now.add("= " + ended.code());
            now.add("");
        }
        String target = System.getProperty("leprechaun.transcript");
        if (target != null) {
            Files.write(Path.of(target), now);
        }
        assertThat(now).isEqualTo(before);
        assertThat(codes)
                .as("each exit code of the client is seen but that of a defect")
                .containsAll(Stream.of(ExitCode.values())
                        .filter(code -> code != ExitCode.DEFECT && code != ExitCode.NOT_NOW)
                        .map(ExitCode::number)
                        .toList());
    }

    /** {@code edit} needs recipes of users: they are in UsersIT. */
    @Test
    void each_form_of_each_verb_in_the_list_is_in_the_transcript_but_for_edit() throws Exception {
        String calls = fixture().stream().filter(line -> line.startsWith("$ ")).collect(Collectors.joining("\n"));
        assertThat(Verbs.ALL.stream()
                        .flatMap(verb -> verb.forms().stream().map(form -> (verb.name() + " " + form.word()).strip()))
                        .filter(form -> !Pattern.compile("leprechaun " + form + "\\b")
                                .matcher(calls)
                                .find()))
                .containsExactly("edit");
    }

    private static List<String> fixture() throws Exception {
        try (var in = TranscriptIT.class.getResourceAsStream(FIXTURE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** Asserts that a table fits a given width; except for a line of a fact or an error, which is never cut. */
    private static void assertFits(String line, String out) {
        var wide = WIDE.matcher(line);
        if (wide.matches()) {
            int columns = Integer.parseInt(wide.group(1));
            assertThat(out.lines().filter(text -> !text.startsWith("/") && !text.contains(":  ")))
                    .as(line)
                    .allMatch(text -> Width.of(text) <= columns);
        }
    }

    /**
     * Returns a line without the parts that vary: paths, times, spans, sizes, hashes, and the resulting distances of
     * columns.
     */
    private String stable(String line) {
        return line.replace(place.folder().toString(), "PLACE")
                .replace(Installation.TREE.toString(), "TREE")
                .replaceAll("\\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})", "TIME")
                .replaceAll("\\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", "TIME")
                .replaceAll("\\b[0-9a-f]{64}\\b", "HASH")
                .replaceAll(SPAN, "SPAN")
                .replaceAll("\\bnow\\b", "SPAN")
                .replaceAll("zone_data: .*", "zone_data: N")
                .replaceAll("\\b[0-9.]+ ?([KMG]iB|[kmg]|bytes)\\b", "SIZE")
                .replaceAll(
                        "\"(duration|cpu|uptime|memory|pid|peak_memory|read|written|printed)\":([0-9.]+|null)",
                        "\"$1\":N")
                .replaceAll("(pid|uptime|memory|version|commit|java):( +)[^ ].*", "$1: N")
                .replaceAll("(leprechaun |\"version\":\")[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\\+?", "$1VERSION")
                .replaceAll("commit [0-9a-f]+\\+? of [0-9-]+, ", "")
                .replaceAll("\"commit\":(null|\"[^\"]*\")", "\"commit\":N")
                .replaceAll("\"date\":(null|\"[^\"]*\")", "\"date\":N")
                .replaceAll("(Java |\"java\":\")[0-9][^)\"]*", "$1N")
                .replaceAll("[^ ]*…$", "…")
                .replaceAll(" {2,}", "  ")
                .replaceAll("SPAN  (-|SIZE)  (0|SIZE)  (0|SIZE)  ", "SPAN  N  N  N  ");
    }
}
