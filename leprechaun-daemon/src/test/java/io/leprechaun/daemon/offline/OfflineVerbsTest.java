package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.AnsweredBy;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.lifecycle.Wiring;
import io.leprechaun.daemon.recipe.reader.Definitions;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of verbs and the classes of this package name the same. */
class OfflineVerbsTest {
    private static List<String> names() {
        return Verbs.ALL.stream()
                .flatMap(verb -> verb.forms().stream()
                        .filter(form -> form.place().isOffline() && form.place() != AnsweredBy.DAEMON_OR_OFFLINE)
                        .map(verb::nameOf))
                .toList();
    }

    @Test
    void each_verb_that_needs_no_daemon_has_a_class(@TempDir Path folder) throws Exception {
        var problems = new Problems();
        var loaded = Loaded.read(null, folder, Definitions.SHIPPED, Trust.lenient(), problems);
        var assembly = new Wiring(
                List.of(Offline.class),
                List.of(
                        loaded,
                        problems,
                        new DaemonState(folder),
                        new TestClock("2026-11-26T18:00:00Z"),
                        Printer.plain(System.out, System.err)));
        assertThat(names())
                .hasSizeGreaterThan(5)
                .allSatisfy(name ->
                        assertThat(assembly.make(name, OfflineCommand.class)).isNotNull());
    }

    @Test
    void each_class_answers_a_verb_of_the_list() throws Exception {
        Path home = Path.of(Offline.class.getResource("Offline.class").toURI());
        try (var files = Files.list(home.resolveSibling(""))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Command.class") && !name.startsWith("Offline"))
                            .map(name -> name.replace("Command.class", "").toLowerCase(Locale.ROOT)))
                    .containsExactlyInAnyOrderElementsOf(
                            names().stream().map(name -> name.replace(" ", "")).toList());
        }
    }
}
