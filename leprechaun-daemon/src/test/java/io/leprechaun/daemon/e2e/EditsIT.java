package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A recipe that is written repeatedly, in every usual way, while it fires: each run is of one complete version. */
@Tag("proof")
class EditsIT {
    private static final int EDITS = Integer.getInteger("leprechaun.edits", 120);

    @RegisterExtension
    final Installation place = new Installation();

    private final Set<String> versions = new HashSet<>();

    /** Returns a version with its number at its beginning and at its end. */
    private String version(int number) throws Exception {
        String text = """
            # version %1$d
            definition: [cron, hook]
            pattern: "* * * * * *"
            id: an-id-of-a-hook
            overlap: parallel
            steps:
              - echo begin %1$d
            %2$s  - echo end %1$d
            """.formatted(number, "  - pwd > /dev/null\n".repeat(20));
        versions.add(HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))));
        return text;
    }

    private void edit(int number) throws Exception {
        Path file = place.recipes().resolve("edited.yml");
        String text = version(number);
        switch (number % 6) {
            case 0 -> Files.writeString(file, text);
            case 1 -> {
                Path other = Files.writeString(place.recipes().resolve(".edited.yml.swp"), text);
                Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            case 2 -> inHalves(file, text);
            case 3 -> {
                Files.delete(file);
                Files.writeString(file, text);
            }
            case 4 -> {
                Files.writeString(place.recipes().resolve("edited.yml~"), version(number - 1));
                Files.writeString(file, text);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
            default -> {
                Path target = Files.writeString(place.folder().resolve("output/version-" + number), text);
                Path link = place.recipes().resolve("edited.link");
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, target);
                Files.move(link, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /**
     * Writes as a program whose buffer is smaller than the file; a link is replaced first, because it would write into
     * an earlier version.
     */
    private static void inHalves(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        try (var out = Files.newOutputStream(file)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write(bytes, 0, bytes.length / 2);
            out.flush();
            out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
        }
    }

    @Test
    void every_run_is_of_one_whole_version_and_a_deleted_recipe_fires_no_more() throws Exception {
        Path file = place.recipes().resolve("edited.yml");
        Files.writeString(file, version(0));
        place.recipe("clock", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'true' ]\n");
        RunningDaemon daemon = place.start();
        for (int number = 1; number <= EDITS; number++) {
            edit(number);
            daemon.post("/hook?id=an-id-of-a-hook"); // 404 where the file is just away
        }
        eventually(() -> assertThat(daemon.ask("/book/show?args=edited")
                        .get("recipe")
                        .get("version")
                        .asString())
                .isIn(versions));
        eventually(() -> {
            daemon.post("/hook?id=an-id-of-a-hook");
            assertThat(daemon.runs("edited"))
                    .anySatisfy(run -> assertThat(output(daemon, run)).contains("begin " + EDITS));
        });

        Files.delete(file);
        eventually(() ->
                assertThat(daemon.post("/hook?id=an-id-of-a-hook").statusCode()).isEqualTo(404));
        assertThat(place.client("daemon", "reload").code())
                .as("what waits is rejected at once")
                .isZero();
        eventually(() -> assertThat(daemon.ask("/server/info").get("running").asInt()
                        + daemon.ask("/cron/info").get("running").asInt())
                .isZero());
        var runs = daemon.runs("edited");
        assertThat(runs).hasSizeGreaterThan(20);
        for (JsonNode run : runs) {
            assertThat(run.get("version").asString()).isIn(versions);
            if (run.get("state").asString().equals("succeeded")) {
                var lines = output(daemon, run).lines().toList();
                assertThat(lines.getFirst().replace("begin", "end")).isEqualTo(lines.getLast());
            } else {
                assertThat(run.get("state").asString()).isEqualTo("rejected"); // queued before the removal
            }
        }
        int before = runs.size();
        int ticks = daemon.runs("clock").size();
        eventually(() -> assertThat(daemon.runs("clock")).hasSizeGreaterThan(ticks + 2));
        assertThat(daemon.runs("edited")).hasSize(before);
    }

    private static String output(RunningDaemon daemon, JsonNode run) {
        try {
            return daemon.output(run.get("id").asLong());
        } catch (IOException e) {
            return "";
        }
    }
}
