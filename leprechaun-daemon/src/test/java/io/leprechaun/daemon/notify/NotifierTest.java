package io.leprechaun.daemon.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.notify.delivery.Mailer;
import io.leprechaun.daemon.notify.delivery.SmtpServer;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.MailSettings;
import io.leprechaun.daemon.settings.notify.MailSettings.Security;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(180)
class NotifierTest {
    private static final Backoff SHORT = new Backoff(Duration.ofMillis(1), Duration.ofMillis(20));

    private static final SendThrottle.Pace PACE =
            new SendThrottle.Pace(1000, Duration.ofMinutes(1), Duration.ofHours(1));

    private final Kept kept = new Kept();
    private final Asked asked = new Asked();
    private final Alarms alarms = Alarms.open();
    private Optional<Notifier> notifier = Optional.empty();
    private volatile Duration quiet = Duration.ZERO;

    @TempDir
    private Path folder;

    /** An outbox in memory, whose records may fail. */
    private static final class Kept implements Outbox {
        private final Map<Long, Notice> unsent = new ConcurrentSkipListMap<>();
        private final Map<Long, String> givenUp = new ConcurrentSkipListMap<>();
        private final AtomicInteger failing = new AtomicInteger();

        void add(long... ids) {
            for (long id : ids) {
                unsent.put(id, Samples.failure(id, "false"));
            }
        }

        @Override
        public List<Notice> unsent(String target, int limit) {
            return unsent.values().stream().limit(limit).toList();
        }

        @Override
        public CompletableFuture<Void> sent(List<Long> notices, List<Refusal> refusals) {
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return CompletableFuture.failedFuture(new IllegalStateException("disk full"));
            }
            List<String> left = refusals.stream()
                    .filter(refusal -> !refusal.forGood())
                    .map(Refusal::address)
                    .toList();
            refusals.stream()
                    .filter(Refusal::forGood)
                    .forEach(refusal -> notices.forEach(id -> givenUp.put(id, refusal.address())));
            notices.forEach(id -> unsent.computeIfPresent(
                    id,
                    (unused, notice) -> left.isEmpty() ? null : new Notice(id, notice.kind(), notice.about(), left)));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> givenUp(long notice, String why) {
            unsent.remove(notice);
            givenUp.put(notice, why);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public List<OutboxEntry> entries(int limit) {
            throw notANotifiers();
        }

        @Override
        public CompletableFuture<Void> tell(NoticeEvent kind, Notice.About.Alert found, List<String> targets) {
            throw notANotifiers();
        }

        @Override
        public CompletableFuture<Void> begun(Run run) {
            throw notANotifiers();
        }

        @Override
        public CompletableFuture<Void> silence(RecipeName recipe, Optional<Mute> silence) {
            throw notANotifiers();
        }

        @Override
        public Map<RecipeName, Mute> silences() {
            throw notANotifiers();
        }

        @Override
        public Map<String, Long> waiting() {
            throw notANotifiers();
        }

        private static UnsupportedOperationException notANotifiers() {
            return new UnsupportedOperationException("a notifier does not ask for that");
        }
    }

    /** A sender that notes the notices that it is to send, and answers as the test decides. */
    private static final class Asked implements Notifier.Sender {
        private final List<Long> tries = new CopyOnWriteArrayList<>();
        private final List<Long> sent = new CopyOnWriteArrayList<>();
        private final AtomicInteger letters = new AtomicInteger();
        private volatile Answer answer = notice -> {};
        private volatile Function<Notice, Object> audience = Notice::left;
        private volatile Function<Notice, Optional<Object>> sequence = notice -> Optional.empty();
        private volatile boolean isForPeople = true;
        private volatile Function<Notice, List<Outbox.Refusal>> refusals = notice -> List.of();
        private final List<List<String>> left = new CopyOnWriteArrayList<>();

        private interface Answer {
            void send(Notice notice) throws NotSentException;
        }

        @Override
        public Optional<Object> sequence(Notice notice) {
            return sequence.apply(notice);
        }

        @Override
        public boolean isForPeople() {
            return isForPeople;
        }

        @Override
        public Object audience(Notice notice) {
            return audience.apply(notice);
        }

        @Override
        public List<Outbox.Refusal> send(List<Notice> notices) throws NotSentException {
            letters.incrementAndGet();
            notices.forEach(notice -> tries.add(notice.id()));
            for (Notice notice : notices) {
                answer.send(notice);
            }
            notices.forEach(notice -> sent.add(notice.id()));
            left.add(notices.getFirst().left());
            return refusals.apply(notices.getFirst());
        }
    }

    /** Waits as long as a notifier beside takes that tries again and again, because its server is away. */
    private void triesBeside(Backoff backoff, int tries) {
        var others = new Kept();
        others.add(1);
        var away = new Asked();
        away.answer = notice -> {
            throw failure(SendFault.SERVER);
        };
        var beside = Notifier.open(others, "mail", away, () -> Duration.ZERO, backoff, PACE);
        beside.wake();
        await().until(() -> away.tries.size() >= tries);
        beside.close();
    }

    private static NotSentException failure(SendFault fault) {
        return new NotSentException(fault, "no", new IOException());
    }

    private Notifier open() {
        return open(asked, SHORT);
    }

    private Notifier open(Notifier.Sender sender, Backoff backoff) {
        return open(sender, backoff, PACE);
    }

    private Notifier open(Notifier.Sender sender, Backoff backoff, SendThrottle.Pace pace) {
        notifier = Optional.of(Notifier.open(kept, "mail", sender, () -> quiet, backoff, pace));
        notifier.get().wake();
        return notifier.get();
    }

    @AfterEach
    void close() {
        notifier.ifPresent(Notifier::close);
        alarms.close();
    }

    private void awaitEmpty() {
        await().until(kept.unsent::isEmpty);
    }

    @Test
    void sends_what_an_earlier_daemon_left_and_what_comes_later_in_order_and_once() {
        kept.add(1, 2, 3);
        var open = open();
        awaitEmpty();
        kept.add(4, 5);
        open.wake();
        awaitEmpty();
        assertThat(asked.tries).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void nothing_is_sent_before_it_is_woken_because_recipes_say_to_whom() {
        kept.add(1);
        var open = Notifier.open(kept, "unwoken", asked, () -> quiet, SHORT, PACE);
        notifier = Optional.of(open);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("notifier-unwoken");
        open.wake();
        awaitEmpty();
        assertThat(asked.tries).containsExactly(1L);
    }

    @Test
    void an_error_over_one_notice_does_not_keep_the_others() {
        asked.answer = notice -> {
            if (notice.id() == 2) {
                throw new StackOverflowError("as planned");
            }
        };
        asked.audience = Notice::id; // each is a letter of its own
        kept.add(1, 2, 3);
        open();
        await().untilAsserted(() -> assertThat(asked.sent).containsExactly(1L, 3L));
        await().untilAsserted(() -> assertThat(kept.givenUp).containsOnlyKeys(2L));
    }

    @Test
    void nothing_is_lost_or_doubled_while_the_server_is_away() {
        var calls = new AtomicInteger();
        asked.answer = notice -> {
            if (calls.incrementAndGet() <= 20) {
                throw failure(SendFault.SERVER);
            }
        };
        kept.add(1, 2, 3);
        open();
        awaitEmpty();
        assertThat(asked.sent).containsExactly(1L, 2L, 3L);
    }

    @Test
    void news_do_not_shorten_the_wait_for_a_server_that_is_away() {
        asked.answer = notice -> {
            throw failure(SendFault.SERVER);
        };
        kept.add(1);
        var open = open(asked, new Backoff(Duration.ofHours(1), Duration.ofHours(1)));
        await().until(() -> asked.tries.size() == 1);
        for (int i = 0; i < 1000; i++) {
            open.wake();
        }
        triesBeside(SHORT, 10);
        assertThat(asked.tries).hasSize(1);
    }

    @Test
    void waits_longer_after_each_failure() {
        asked.answer = notice -> {
            throw failure(SendFault.SERVER);
        };
        kept.add(1);
        long begin = System.nanoTime();
        open(asked, new Backoff(Duration.ofMillis(10), Duration.ofHours(1)));
        await().until(() -> asked.tries.size() == 6);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isGreaterThan(Duration.ofMillis(10 + 20 + 40 + 80 + 160));
    }

    @ParameterizedTest
    @EnumSource(
            value = SendFault.class,
            names = {"NOTICE_FOR_NOW", "NOTICE_FOR_GOOD"})
    void a_refused_notice_lets_the_others_go(SendFault fault) {
        asked.answer = notice -> {
            if (notice.id() <= 3) {
                throw failure(fault);
            }
        };
        kept.add(1, 2, 3, 4, 5);
        var open = open();
        await().until(() -> asked.sent.equals(List.of(4L, 5L)));
        kept.add(6);
        open.wake();
        await().until(() -> asked.sent.equals(List.of(4L, 5L, 6L)));
    }

    @Test
    void news_go_at_once_while_a_refused_notice_waits() {
        asked.answer = notice -> {
            if (notice.id() == 1) {
                throw failure(SendFault.NOTICE_FOR_NOW);
            }
        };
        kept.add(1);
        var open = open(asked, new Backoff(Duration.ofMillis(1), Duration.ofHours(1)));
        await().until(() -> asked.tries.size() == 12); // its next turn is in seconds
        kept.add(2);
        open.wake();
        await().until(() -> asked.sent.equals(List.of(2L)));
    }

    @Test
    void a_refused_notice_does_not_delay_news() {
        asked.answer = notice -> {
            if (notice.id() == 1) {
                throw failure(SendFault.NOTICE_FOR_NOW);
            }
        };
        kept.add(1);
        var open = open(asked, new Backoff(Duration.ofHours(1), Duration.ofHours(1)));
        await().until(() -> asked.tries.equals(List.of(1L)));
        kept.add(2);
        open.wake();
        await().until(() -> asked.sent.equals(List.of(2L)));
    }

    @Test
    void a_notice_waits_for_the_earlier_ones_of_its_sequence_and_for_no_other() {
        asked.isForPeople = false;
        asked.sequence = notice -> Optional.of(notice.id() % 2);
        asked.answer = notice -> {
            if (notice.id() == 1 && !asked.sent.contains(8L)) {
                throw failure(SendFault.NOTICE_FOR_NOW);
            }
        };
        kept.add(1, 3, 5, 7, 8);
        open();
        awaitEmpty();
        assertThat(asked.sent).containsExactly(8L, 1L, 3L, 5L, 7L);
    }

    private static Outbox.Refusal refusal(String address, boolean forGood) {
        return new Outbox.Refusal(address, "no", forGood);
    }

    @Test
    void who_is_refused_for_now_is_tried_again_alone_until_it_is_taken() {
        var night = List.of("night@example.org");
        asked.refusals = notice -> asked.tries.size() < 4 ? List.of(refusal(night.getFirst(), false)) : List.of();
        kept.add(1);
        open();
        awaitEmpty();
        assertThat(asked.left).containsExactly(List.of(), night, night, night);
        assertThat(kept.givenUp).isEmpty();
    }

    @Test
    void who_is_left_waits_while_news_go_to_all() {
        asked.refusals = notice -> notice.id() == 1 ? List.of(refusal("night@example.org", false)) : List.of();
        kept.add(1);
        var open = open(asked, new Backoff(Duration.ofHours(1), Duration.ofHours(1)));
        await().until(() -> open.trouble(1).equals(Optional.of("refused once: no")));
        kept.add(2);
        open.wake();
        await().until(() -> asked.tries.equals(List.of(1L, 2L)));
        assertThat(kept.unsent.get(1L)).extracting(Notice::left).isEqualTo(List.of("night@example.org"));
    }

    @Test
    void who_is_refused_for_good_is_given_up_alone() {
        asked.refusals = notice -> List.of(refusal("gone@example.org", true));
        kept.add(1);
        var open = open();
        awaitEmpty();
        await().until(() -> open.givenUp() == 1);
        assertThat(asked.tries).containsExactly(1L);
        assertThat(kept.givenUp).containsExactly(Map.entry(1L, "gone@example.org"));
    }

    @Test
    void who_was_refused_is_known_still_when_the_record_failed() {
        asked.refusals = notice -> asked.tries.size() == 1 ? List.of(refusal("night@example.org", false)) : List.of();
        kept.failing.set(3);
        kept.add(1);
        open();
        awaitEmpty();
        assertThat(asked.left).containsExactly(List.of(), List.of("night@example.org"));
    }

    @Test
    void what_has_no_answer_is_tried_a_few_times_and_lets_the_others_go() {
        asked.answer = notice -> {
            if (notice.id() == 1) {
                throw failure(SendFault.NOTICE_UNANSWERED);
            }
        };
        kept.add(1, 2);
        var open = open(asked, new Backoff(Duration.ofMillis(5), Duration.ofMillis(50)));
        await().until(() ->
                open.trouble(1).filter(why -> why.startsWith("not accepted ")).isPresent());
        await().until(() -> asked.sent.equals(List.of(2L)));
        awaitEmpty();
        assertThat(asked.tries.stream().filter(id -> id == 1)).hasSize(Notifier.MOST_UNANSWERED);
        assertThat(kept.givenUp).containsExactly(Map.entry(1L, "no"));
    }

    @Test
    void what_may_have_arrived_is_not_sent_again_soon() {
        asked.answer = notice -> {
            throw failure(SendFault.NOTICE_UNANSWERED);
        };
        kept.add(1);
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
        open(asked, backoff);
        await().until(() -> asked.tries.size() == 1);
        triesBeside(backoff, 4);
        assertThat(asked.tries).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = SendFault.class,
            names = {"SERVER", "NOTICE_FOR_NOW"})
    void who_asks_to_be_left_alone_is(SendFault fault) {
        asked.answer = notice -> {
            throw new NotSentException(fault, "no", new IOException(), Duration.ofMinutes(1));
        };
        kept.add(1);
        open();
        await().until(() -> asked.tries.size() == 1);
        triesBeside(SHORT, 10);
        assertThat(asked.tries).hasSize(1);
    }

    @Test
    void what_is_refused_for_good_is_given_up_after_ten_times() {
        asked.answer = notice -> {
            throw failure(SendFault.NOTICE_FOR_GOOD);
        };
        kept.add(1);
        var open = open();
        awaitEmpty();
        await().until(() -> open.givenUp() == 1);
        assertThat(open.fault(System.nanoTime() + Duration.ofMinutes(61).toNanos()))
                .as("the others arrive")
                .isEmpty();
        assertThat(asked.tries).hasSize(Notifier.MOST_REFUSALS);
        assertThat(asked.sent).isEmpty();
        assertThat(kept.givenUp).containsExactly(Map.entry(1L, "no"));
    }

    @Test
    void of_many_notices_the_first_go_alone_and_the_others_together() {
        for (long id = 1; id <= 1000; id++) {
            kept.add(id);
        }
        open(asked, SHORT, new SendThrottle.Pace(10, Duration.ofHours(1), Duration.ofMillis(50)));
        awaitEmpty();
        assertThat(asked.letters).hasValue(11);
        assertThat(asked.sent).hasSize(1000).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void what_was_refused_together_is_tried_again_and_then_given_up() {
        asked.answer = notice -> {
            if (notice.id() > 2) {
                throw failure(SendFault.NOTICE_FOR_GOOD);
            }
        };
        kept.add(1, 2, 3, 4, 5);
        open(asked, SHORT, new SendThrottle.Pace(2, Duration.ofHours(1), Duration.ofMillis(1)));
        awaitEmpty();
        assertThat(asked.sent).containsExactly(1L, 2L);
        assertThat(kept.givenUp).containsOnlyKeys(3L, 4L, 5L);
        assertThat(asked.letters).hasValue(2 + Notifier.MOST_REFUSALS);
    }

    @Test
    void a_server_that_failed_before_quiet_hours_is_no_fault_during_them() {
        asked.answer = notice -> {
            throw failure(SendFault.SERVER);
        };
        kept.add(1);
        var open = open();
        long later = System.nanoTime() + Duration.ofMinutes(16).toNanos();
        await().until(() -> open.fault(later).isPresent());
        quiet = Duration.ofHours(1);
        await().until(() -> open.fault(later).isEmpty());
        assertThat(open.trouble(1)).contains("quiet hours");
    }

    @Test
    void in_quiet_hours_only_an_alarm_is_told_and_the_rest_together_afterwards() {
        quiet = Duration.ofMillis(200);
        asked.audience = notice -> notice.id() == 2 || notice.id() == 3;
        kept.add(1, 2, 3);
        kept.unsent.put(4L, new Notice(4, NoticeEvent.ALARM, new Notice.About.Alert("it burns", Samples.NOON)));
        var open = open();
        await().until(() -> asked.sent.equals(List.of(4L)));
        assertThat(open.trouble(1)).contains("quiet hours");
        kept.add(5);
        open.wake();
        await().until(() -> open.trouble(5).equals(Optional.of("quiet hours")));
        assertThat(asked.sent).containsExactly(4L);
        quiet = Duration.ZERO;
        awaitEmpty();
        assertThat(asked.sent).containsExactly(4L, 1L, 5L, 2L, 3L);
        assertThat(asked.letters).as("the alarm, and one to each").hasValue(3);
        kept.add(6, 7);
        open.wake();
        awaitEmpty();
        assertThat(asked.letters).as("one by one again").hasValue(5);
    }

    @Test
    void more_than_a_letter_holds_is_told_together_after_quiet_hours_too() {
        quiet = Duration.ofMillis(200);
        for (long id = 1; id <= 2 * Notifier.MOST_TOGETHER + 2; id++) {
            kept.add(id);
        }
        var open = open();
        await().until(() -> open.trouble(1).equals(Optional.of("quiet hours")));
        assertThat(asked.sent).isEmpty();
        quiet = Duration.ZERO;
        awaitEmpty();
        assertThat(asked.letters).hasValue(3);
    }

    @Test
    void what_goes_to_others_is_told_apart() {
        for (long id = 1; id <= 20; id++) {
            kept.add(id);
        }
        asked.audience = notice -> notice.id() % 2;
        open(asked, SHORT, new SendThrottle.Pace(0, Duration.ofHours(1), Duration.ofMillis(1)));
        awaitEmpty();
        assertThat(asked.letters).hasValue(2);
        assertThat(asked.sent.subList(0, 10)).allMatch(id -> id % 2 == 1);
        assertThat(asked.sent.subList(10, 20)).allMatch(id -> id % 2 == 0);
    }

    @Test
    void what_nobody_has_to_be_told_any_more_is_forgotten() {
        asked.answer = notice -> {
            throw failure(SendFault.NOTICE_FOR_NOW);
        };
        kept.add(1);
        var open = open();
        await().until(() -> open.trouble(1).isPresent());
        kept.unsent.clear();
        await().until(() -> open.trouble(1).isEmpty());
    }

    @Test
    void why_a_notice_waits_is_known() {
        asked.answer = notice -> {
            throw failure(notice.id() == 1 ? SendFault.NOTICE_FOR_NOW : SendFault.SERVER);
        };
        kept.add(1, 2);
        var open = open();
        await().until(() -> open.trouble(1).equals(Optional.of("refused once: no"))
                && open.trouble(2).equals(Optional.of("no")));
        asked.answer = notice -> {};
        awaitEmpty();
        await().until(() -> open.trouble(1).isEmpty() && open.trouble(2).isEmpty());
    }

    @Test
    void a_server_that_takes_nothing_for_long_is_a_fault_until_it_takes_something() {
        var down = new AtomicBoolean(true);
        asked.answer = notice -> {
            if (down.get()) {
                throw failure(SendFault.SERVER);
            }
        };
        kept.add(1);
        var open = open();
        await().until(() -> asked.tries.size() > 2);
        long later = System.nanoTime() + Duration.ofMinutes(16).toNanos();
        assertThat(open.fault()).as("it may pass").isEmpty();
        assertThat(open.fault(later)).hasValueSatisfying(why -> assertThat(why).contains("have not gone out for more"));
        down.set(false);
        awaitEmpty();
        await().until(() -> open.fault(later).isEmpty());
        assertThat(open.givenUp()).isZero();
    }

    @Test
    void what_is_refused_for_now_is_never_given_up() {
        asked.answer = notice -> {
            if (asked.tries.size() <= 3 * Notifier.MOST_REFUSALS) {
                throw failure(SendFault.NOTICE_FOR_NOW);
            }
        };
        kept.add(1);
        open();
        awaitEmpty();
        assertThat(asked.sent).containsExactly(1L);
    }

    @Test
    void a_notice_that_meets_a_defect_does_not_stop_the_others() {
        asked.answer = notice -> {
            if (notice.id() == 1) {
                throw new IllegalStateException("a defect");
            }
        };
        kept.add(1, 2);
        open();
        awaitEmpty();
        assertThat(asked.sent).containsExactly(2L);
    }

    @Test
    void what_was_sent_is_not_sent_again_because_the_record_failed() {
        kept.failing.set(5);
        kept.add(1, 2);
        open();
        awaitEmpty();
        assertThat(asked.tries).containsExactly(1L, 2L);
    }

    @Test
    void waking_and_closing_do_not_wait_for_a_sender_that_hangs() throws Exception {
        var hanging = new CountDownLatch(1);
        asked.answer = notice -> await().forever().until(() -> hanging.getCount() == 0);
        kept.add(1);
        var open = open();
        await().until(() -> asked.tries.size() == 1);
        for (int i = 0; i < 100_000; i++) {
            open.wake();
        }
        open.close();
        hanging.countDown(); // else this is not come to
    }

    @Test
    void closing_ends_a_mail_that_waits_for_its_server() {
        try (var server = new SmtpServer(SmtpServer::silent)) {
            kept.add(1);
            var open = open(mailer(server.port()), SHORT);
            awaitThreadIn("socketRead", "NioSocketImpl");
            open.close();
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("notifier-mail")));
            assertThat(kept.unsent).hasSize(1);
        }
    }

    private static void awaitThreadIn(String... places) {
        await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals("notifier-mail"))
                .flatMap(entry -> List.of(entry.getValue()).stream())
                .anyMatch(frame -> List.of(places).stream().anyMatch(frame.toString()::contains)));
    }

    private Mailer mailer(int port) {
        var settings = new MailSettings(
                "127.0.0.1",
                port,
                Security.PLAIN,
                Optional.empty(),
                Optional.empty(),
                "leprechaun@web1",
                List.of("ops@example.org"));
        var text = Samples.writer("web1", folder);
        var answer = Duration.ofMillis(500);
        var limits = new Mailer.SmtpTimeouts(answer, answer, answer, Duration.ofSeconds(1));
        return new Mailer(settings, recipe -> List.of(), text, InstantSource.fixed(Samples.NOON), alarms, limits);
    }

    /** Returns the talks of a mail server that does not work. */
    static Stream<Arguments> troubles() {
        return Stream.of(
                trouble("is silent", SmtpServer::silent),
                trouble("drips", SmtpServer::drip),
                trouble("floods", SmtpServer::flood),
                trouble("hangs up", socket -> {}),
                trouble("greets and hangs up", says("220 ready\r\n")),
                trouble("speaks HTTP", says("HTTP/1.1 400 Bad Request\r\n\r\n")),
                trouble("speaks TLS", says("\u0016\u0003\u0001\0\u0002\u0001\0\u00ff")));
    }

    private static Arguments trouble(String name, SmtpServer.Talk talk) {
        return Arguments.of(name, talk);
    }

    private static SmtpServer.Talk says(String text) {
        return socket -> socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void each_mail_arrives_once_when_the_server_is_well_again(String name, SmtpServer.Talk trouble) throws Exception {
        var healthy = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        healthy.start();
        var calls = new AtomicInteger();
        try (var server = new SmtpServer(socket -> {
            calls.incrementAndGet();
            trouble.on(socket);
        })) {
            kept.add(1, 2, 3);
            open(mailer(server.port()), SHORT);
            await().until(() -> calls.get() >= 2);
            assertThat(kept.unsent).hasSize(3);
            server.talk(SmtpServer.forward(healthy.getSmtp().getPort()));
            awaitEmpty();
            assertThat(healthy.getReceivedMessages()).hasSize(3);
        } finally {
            healthy.stop();
        }
    }
}
