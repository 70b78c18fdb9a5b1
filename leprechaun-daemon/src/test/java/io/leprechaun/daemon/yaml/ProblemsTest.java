package io.leprechaun.daemon.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ProblemsTest {
    private static final Path FILE = Path.of("x.yml");

    private final Problems problems = new Problems();

    private static Place line(int line) {
        return new Place(FILE, line, 1, "");
    }

    @Test
    void the_first_hundred_of_a_file_are_kept_and_the_others_counted() {
        for (int i = 250; i > 0; i--) {
            problems.error(line(i), "no");
        }
        assertThat(problems.all()).hasSize(101);
        assertThat(problems.all().getLast().message()).isEqualTo("… and 150 more; correct these errors first");
        assertThat(problems.all().getLast().isError()).isTrue();
        assertThat(problems.isFull(FILE)).isTrue();
    }

    @Test
    void warnings_and_other_files_leave_room_for_errors() {
        for (int i = 1; i <= 300; i++) {
            problems.warn(line(i), "hm");
            problems.error(Place.of(Path.of("other.yml")), "no");
        }
        assertThat(problems.isFull(FILE)).isFalse();
        problems.error(line(7), "no");
        assertThat(problems.hasErrors()).isTrue();
        assertThat(problems.hasError(line(7))).isTrue();
        assertThat(problems.errors()).hasSize(102);
        assertThat(problems.all().stream().map(Problem::message)).contains("… and 200 more warnings");
    }

    @Test
    void a_million_cost_little() {
        for (int i = 0; i < 1_000_000; i++) {
            problems.error(line(i), () -> "x".repeat(1000));
            problems.hasErrors();
        }
        assertThat(problems.all()).hasSize(101);
    }
}
