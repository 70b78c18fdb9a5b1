package io.leprechaun.daemon.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTimesTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private Path output;
    private TimesFile file;

    @BeforeEach
    void begin() {
        output = folder.resolve("1-1.log");
        file = new TimesFile(output, now::get);
        file.begun();
    }

    private void printed(long afterMillis, long offset) {
        now.set(NOON.plusMillis(afterMillis));
        file.printed(offset);
    }

    @Test
    void a_step_that_prints_in_its_first_second_only_makes_no_file() {
        printed(20, 0);
        printed(999, 100);
        assertThat(folder).isEmptyDirectory();
        assertThat(OutputTimes.of(output).at(0)).isEmpty();
    }

    @Test
    void each_offset_has_a_time_that_is_at_most_a_second_too_early() throws IOException {
        printed(500, 10);
        printed(1_200, 20);
        printed(1_900, 30);
        printed(60_000, 40);
        var times = OutputTimes.of(output);
        assertThat(times.at(0)).contains(NOON);
        assertThat(times.at(19)).contains(NOON);
        assertThat(times.at(20)).contains(NOON.plusMillis(1_200));
        assertThat(times.at(30)).contains(NOON.plusMillis(1_200));
        assertThat(times.at(1_000)).contains(NOON.plusSeconds(60));
        assertThat(Files.getPosixFilePermissions(folder.resolve("1-1.times")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void a_clock_that_was_set_back_stops_no_times() {
        printed(5_000, 10);
        printed(-3_600_000, 20);
        assertThat(OutputTimes.of(output).at(20)).contains(NOON.minus(Duration.ofHours(1)));
    }

    @Test
    void after_many_hours_the_file_stays_small_and_the_times_stay_near() throws IOException {
        int seconds = 10 * TimesFile.MOST;
        for (int i = 1; i <= seconds; i++) {
            printed(1_000L * i, i);
            assertThat(Files.size(folder.resolve("1-1.times"))).isLessThanOrEqualTo(16L * TimesFile.MOST);
        }
        var times = OutputTimes.of(output);
        assertThat(times.at(0)).contains(NOON);
        for (int i = 1; i <= seconds; i++) {
            assertThat(times.at(i).orElseThrow()).isBetween(NOON.plusSeconds(i - 16L), NOON.plusSeconds(i));
        }
        assertThat(folder.toFile().list()).containsExactly("1-1.times");
    }

    @Test
    void a_silence_stays_where_it_was_whatever_is_removed() {
        long hour = 3_600_000;
        for (int i = 1; i <= TimesFile.MOST + 100; i++) {
            printed(1_000L * i + (i > 2_000 ? hour : 0), i);
        }
        var times = OutputTimes.of(output);
        assertThat(times.pairs()).hasSizeLessThan(TimesFile.MOST);
        assertThat(times.at(2_000).orElseThrow()).isBefore(NOON.plusSeconds(2_001));
        assertThat(times.at(2_001).orElseThrow()).isAfterOrEqualTo(NOON.plusMillis(hour + 2_001_000));
    }

    @Test
    void times_that_could_not_be_written_are_written_later() throws IOException {
        Path away = folder.resolveSibling(folder.getFileName() + "-away");
        Files.move(folder, away);
        printed(5_000, 10);
        printed(10_000, 20);
        Files.move(away, folder);
        printed(15_000, 30);
        assertThat(OutputTimes.of(output).at(15)).contains(NOON.plusSeconds(5));
        assertThat(OutputTimes.of(output).at(25)).contains(NOON.plusSeconds(10));
    }

    @Test
    void the_times_of_a_run_without_a_record_are_replaced() throws IOException {
        Files.write(folder.resolve("1-1.times"), new byte[800]);
        printed(5_000, 10);
        assertThat(OutputTimes.of(output).pairs()).hasSize(2);
    }
}
