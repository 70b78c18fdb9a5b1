package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PausesTest {
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("Europe/Berlin"));
    private static final RecipeName BACKUP = new RecipeName("backup");
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final Pause FOR_EVER = new Pause(NOON, Optional.empty(), "zoe", Optional.empty());
    private static final Pause AN_HOUR =
            new Pause(NOON, Optional.of(NOON.plusSeconds(3600)), "adam", Optional.of("upgrade"));

    private final FakeStore store = new FakeStore();
    private final Pauses pauses = Pauses.of(store, DOCUMENTS.zone());

    @Test
    void a_pause_counts_from_when_it_is_on_disk_and_its_end_too() {
        store.hold(true);
        var paused = pauses.pause(BACKUP, FOR_EVER);
        assertThat(pauses.find(BACKUP, NOON)).isEmpty();
        assertThat(paused).isNotDone();
        store.commit();
        assertThat(paused).isCompleted();
        assertThat(pauses.find(BACKUP, NOON)).contains(FOR_EVER);

        var resumed = pauses.resume(BACKUP);
        assertThat(pauses.find(BACKUP, NOON)).isPresent();
        assertThat(resumed).isNotDone();
        store.commit();
        assertThat(pauses.find(BACKUP, NOON)).isEmpty();
    }

    @Test
    void what_the_store_cannot_keep_changes_nothing() {
        pauses.pause(BACKUP, AN_HOUR).join();
        store.failNext(2);
        assertThat(pauses.pause(BACKUP, FOR_EVER)).isCompletedExceptionally();
        assertThat(pauses.resume(BACKUP)).isCompletedExceptionally();
        assertThat(pauses.find(BACKUP, NOON)).contains(AN_HOUR);
    }

    @Test
    void of_two_that_wait_for_the_disk_the_later_one_counts() {
        store.hold(true);
        var first = pauses.pause(BACKUP, FOR_EVER);
        var last = pauses.pause(BACKUP, AN_HOUR);
        store.hold(false);
        while (store.commit()) {}
        first.join();
        last.join();
        assertThat(pauses.find(BACKUP, NOON)).contains(AN_HOUR);
        assertThat(store.pauses()).containsEntry(BACKUP, AN_HOUR);
    }

    @Test
    void another_daemon_with_the_store_knows_it() {
        pauses.pause(BACKUP, AN_HOUR).join();
        assertThat(Pauses.of(store, DOCUMENTS.zone()).find(BACKUP, NOON)).contains(AN_HOUR);
        assertThat(Pauses.of(store, DOCUMENTS.zone()).find(new RecipeName("other"), NOON))
                .isEmpty();
    }

    @Test
    void it_is_over_when_its_moment_has_come_and_goes_on_where_the_clock_is_set_back() {
        pauses.pause(BACKUP, AN_HOUR).join();
        assertThat(pauses.find(BACKUP, NOON.plusSeconds(3599))).isPresent();
        assertThat(pauses.find(BACKUP, NOON.plusSeconds(3600))).isEmpty();
        assertThat(pauses.find(BACKUP, NOON.minusSeconds(3600))).isPresent();
    }

    @Test
    void it_says_until_when_by_whom_and_why_in_the_time_of_people() {
        pauses.pause(BACKUP, AN_HOUR).join();
        assertThat(pauses.why(BACKUP, NOON)).contains("paused until 2026-11-26 14:00:00 by adam: upgrade");
        pauses.pause(BACKUP, FOR_EVER).join();
        assertThat(pauses.why(BACKUP, NOON)).contains("paused by zoe");
        assertThat(DOCUMENTS.span(AN_HOUR))
                .isEqualTo("since 2026-11-26 13:00:00 until 2026-11-26 14:00:00 by adam: upgrade");
    }
}
