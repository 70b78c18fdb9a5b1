package io.leprechaun.daemon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartMarksTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("started");
    }

    @Test
    void the_next_daemon_knows_the_last_512_runs() throws Exception {
        try (var marks = StartMarks.open(file())) {
            for (long run = 1; run <= 600; run++) {
                marks.mark(run);
            }
            assertThat(marks.isMarked(600)).as("by an earlier daemon").isFalse();
        }
        assertThat(file()).hasSize(4096);
        try (var marks = StartMarks.open(file())) {
            assertThat(marks.isMarked(600)).isTrue();
            assertThat(marks.isMarked(89)).isTrue();
            assertThat(marks.isMarked(88)).isFalse();
            assertThat(marks.newest()).isEqualTo(600);
        }
    }

    @Test
    void a_file_that_a_full_disk_left_short_is_filled() throws Exception {
        Files.write(file(), new byte[100]);
        try (var marks = StartMarks.open(file())) {
            marks.mark(7);
        }
        assertThat(file()).hasSize(4096);
        try (var marks = StartMarks.open(file())) {
            assertThat(marks.isMarked(7)).isTrue();
        }
    }
}
