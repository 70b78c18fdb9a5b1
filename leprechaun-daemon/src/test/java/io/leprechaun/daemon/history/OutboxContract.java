package io.leprechaun.daemon.history;

import static io.leprechaun.daemon.history.StoreContract.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** The contract of an {@link Outbox} for notices of any origin. */
public interface OutboxContract extends StoreContract {
    Notice.About.Alert FOUND = new Notice.About.Alert("down 41m: 7 due", NOON);
    Outbox.Refusal GONE = new Outbox.Refusal("gone@example.org", "550 no such user", true);

    private Outbox outbox() {
        return store().outbox();
    }

    private void tell(NoticeEvent kind, String... targets) {
        outbox().tell(kind, FOUND, List.of(targets)).join();
    }

    private List<Long> unsent(String target) {
        return outbox().unsent(target, 10).stream().map(Notice::id).toList();
    }

    @Test
    default void what_no_run_tells_is_kept_until_it_was_sent() {
        tell(NoticeEvent.MISSED, "mail");
        reopen();
        Notice notice = outbox().unsent("mail", 10).getFirst();
        assertThat(notice).isEqualTo(new Notice(notice.id(), NoticeEvent.MISSED, FOUND));
        outbox().sent(List.of(notice.id())).join();
        assertThat(unsent("mail")).isEmpty();
    }

    @Test
    default void that_a_run_has_begun_is_kept_for_its_address() {
        Run run = accept(BACKUP);
        outbox().begun(run).join();
        reopen();
        assertThat(outbox().unsent(NotifyRules.PING, 10))
                .extracting(Notice::kind, Notice::about)
                .containsExactly(tuple(NoticeEvent.START, new Notice.About.RunEnded(run)));
        assertThat(unsent("mail")).isEmpty();
    }

    @Test
    default void an_address_is_not_told_of_runs_that_began_long_ago() {
        outbox().begun(accept(BACKUP)).join();
        outbox().begun(accept(BACKUP)).join();
        Run other = accept(OTHER);
        outbox().begun(other).join();
        var order = order(BACKUP, TriggerKind.CRON, Optional.of(NOON));
        outbox().begun(accept(BACKUP, order, NOON.plusSeconds(600), Input.NONE)).join();
        assertThat(unsent(NotifyRules.PING)).hasSize(4);
        Run later = accept(BACKUP, order, NOON.plusSeconds(1201), Input.NONE);
        outbox().begun(later).join();
        assertThat(outbox().unsent(NotifyRules.PING, 10))
                .extracting(Notice::name)
                .containsExactly("START of run " + other.id(), "START of run " + later.id());
    }

    @Test
    default void each_target_has_its_own_notices_the_oldest_first() {
        tell(NoticeEvent.MISSED, "mail", "mail2");
        tell(NoticeEvent.ALARM, "mail");
        tell(NoticeEvent.REJECTED, "mail");
        reopen();

        assertThat(outbox().unsent("mail", 10))
                .extracting(Notice::kind)
                .containsExactly(NoticeEvent.MISSED, NoticeEvent.ALARM, NoticeEvent.REJECTED);
        assertThat(outbox().unsent("mail", 2))
                .extracting(Notice::kind)
                .containsExactly(NoticeEvent.MISSED, NoticeEvent.ALARM);
        assertThat(outbox().unsent("mail2", 10)).extracting(Notice::kind).containsExactly(NoticeEvent.MISSED);

        outbox().sent(unsent("mail").subList(0, 2)).join();
        assertThat(outbox().unsent("mail", 10)).extracting(Notice::kind).containsExactly(NoticeEvent.REJECTED);
        assertThat(unsent("mail2")).hasSize(1);
    }

    @Test
    default void who_was_refused_while_others_were_told_is_kept_alone() {
        Run begun = accept(BACKUP);
        outbox().begun(begun).join();
        tell(NoticeEvent.ALARM, NotifyRules.PING, "mail2");
        List<Long> ids = unsent(NotifyRules.PING);
        var busy = new Outbox.Refusal("dev@example.org", "452 full", false);
        var later = new Outbox.Refusal("night@example.org", "450 greylisted", false);
        outbox().sent(ids, List.of(later, GONE, busy)).join();

        reopen();
        var both = List.of("night@example.org", "dev@example.org");
        assertThat(outbox().unsent(NotifyRules.PING, 10))
                .as("the same notices, in their order")
                .extracting(Notice::id, Notice::left)
                .containsExactly(tuple(ids.getFirst(), both), tuple(ids.getLast(), both));
        assertThat(outbox().waiting()).isEqualTo(Map.of(NotifyRules.PING, 2L, "mail2", 1L));
        assertThat(outbox().unsent("mail2", 10)).extracting(Notice::left).containsExactly(List.of());
        assertThat(lost())
                .containsExactly(
                        tuple(NoticeEvent.START, new Notice.About.RunEnded(begun), NotifyRules.PING),
                        tuple(NoticeEvent.ALARM, FOUND, NotifyRules.PING));

        outbox().sent(ids, List.of(busy)).join();
        assertThat(outbox().unsent(NotifyRules.PING, 10))
                .extracting(Notice::left)
                .isEqualTo(Collections.nCopies(2, List.of("dev@example.org")));
        outbox().sent(ids, List.of(GONE)).join();
        assertThat(unsent(NotifyRules.PING)).isEmpty();
        assertThat(lost()).hasSize(4);
    }

    /** Returns the notices that {@link #GONE} did not get, with their targets. */
    private List<Tuple> lost() {
        return outbox().entries(10).stream()
                .filter(entry -> entry.givenUp().equals(Optional.of(GONE.why())))
                .filter(entry -> entry.notice().left().equals(List.of(GONE.address())))
                .map(entry -> tuple(entry.notice().kind(), entry.notice().about(), entry.target()))
                .toList();
    }

    @Test
    default void what_was_given_up_is_kept_to_be_looked_at() {
        tell(NoticeEvent.FAILURE, "mail");
        tell(NoticeEvent.ALARM, "mail");
        tell(NoticeEvent.MISSED, "mail");
        tell(NoticeEvent.LOST, "mail");
        List<Long> ids = unsent("mail");
        outbox().givenUp(ids.get(1), "no such user").join();
        outbox().givenUp(ids.get(2), "no such host").join();
        reopen();

        assertThat(outbox().waiting()).isEqualTo(Map.of("mail", 2L));
        assertThat(unsent("mail")).containsExactly(ids.get(0), ids.get(3));
        assertThat(entries(10)).containsExactly("ALARM no such user", "MISSED no such host", "FAILURE", "LOST");
        assertThat(entries(1)).as("at most so many of each").containsExactly("ALARM no such user", "FAILURE");
    }

    /** Returns the notices that were given up, then those that wait. */
    private List<String> entries(int limit) {
        var all = outbox().entries(limit);
        return List.of(true, false).stream()
                .flatMap(givenUp -> all.stream().filter(entry -> entry.givenUp().isPresent() == givenUp))
                .map(entry -> (entry.notice().kind() + " " + entry.givenUp().orElse("")).strip())
                .toList();
    }

    @Test
    default void the_newest_thousand_that_were_given_up_stay() {
        tell(NoticeEvent.MISSED, "mail");
        outbox().tell(NoticeEvent.ALARM, FOUND, Collections.nCopies(1000, "mail"))
                .join();
        List<Long> ids = outbox().unsent("mail", 2000).stream().map(Notice::id).toList();
        outbox().sent(ids, List.of(GONE)).join();
        assertThat(entries(2000)).hasSize(1000).containsOnly("ALARM 550 no such user");

        tell(NoticeEvent.LOST, "mail");
        outbox().givenUp(unsent("mail").getFirst(), "no such host").join();
        assertThat(entries(2000)).hasSize(1000).endsWith("ALARM 550 no such user", "LOST no such host");
    }

    @Test
    default void a_silence_stays_until_it_is_taken_back() {
        var ack = new Mute(Mute.Extent.ACK, NOON, Optional.empty(), "zoe", Optional.of("on its way"));
        var snooze = new Mute(Mute.Extent.SNOOZE, NOON, Optional.of(NOON.plusSeconds(200)), "zoe", Optional.empty());
        RecipeName never = new RecipeName("never-run");
        outbox().silence(BACKUP.name(), Optional.of(ack)).join();
        outbox().silence(never, Optional.of(snooze)).join();
        reopen();
        assertThat(outbox().silences()).isEqualTo(Map.of(BACKUP.name(), ack, never, snooze));

        outbox().silence(BACKUP.name(), Optional.of(snooze)).join();
        outbox().silence(never, Optional.empty()).join();
        assertThat(outbox().silences()).as("in place of the other").isEqualTo(Map.of(BACKUP.name(), snooze));
    }
}
