package io.leprechaun.daemon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.body.Body;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    private static final byte[] CONTENT = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path state;

    private OutputFolder outputs;
    private Body.Filed body;

    @BeforeEach
    void make() throws IOException {
        outputs = new OutputFolder(state.resolve("output"));
        Files.createDirectory(outputs.root());
        OutputFolder.makeFor(outputs.body(7));
        try (var incoming = outputs.bodies().create()) {
            incoming.write(CONTENT, CONTENT.length);
            body = incoming.finish();
        }
    }

    @Test
    void a_large_body_moves_into_the_folder_of_its_run_and_stays_there_for_later_attempts() throws IOException {
        outputs.placeBody(7, body);
        assertThat(body.file()).doesNotExist();
        assertThat(outputs.body(7)).hasBinaryContent(CONTENT);
        outputs.placeBody(7, body);
        assertThat(outputs.body(7)).hasBinaryContent(CONTENT);
    }

    @Test
    void a_body_that_is_not_what_was_sent_reaches_no_step() throws IOException {
        outputs.placeBody(7, body);
        Files.writeString(outputs.body(7), "changed");
        assertThatThrownBy(() -> outputs.placeBody(7, body))
                .hasMessageContaining("an earlier attempt changed the body");
        Files.delete(outputs.body(7));
        assertThatThrownBy(() -> outputs.placeBody(7, body)).hasMessageContaining("is missing: send the hook again");
        Files.writeString(body.file(), "damaged");
        assertThatThrownBy(() -> outputs.placeBody(7, body)).hasMessageContaining("is damaged");
    }

    @Test
    void a_body_that_is_not_finished_leaves_nothing() throws IOException {
        try (var incoming = outputs.bodies().create()) {
            incoming.write(CONTENT, CONTENT.length);
        }
        try (var files = Files.list(outputs.bodies().root())) {
            assertThat(files).containsExactly(body.file());
        }
    }
}
