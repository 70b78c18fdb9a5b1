package io.leprechaun.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.config.Secret;
import io.leprechaun.daemon.config.SecretSource;
import io.leprechaun.daemon.config.Telling;
import io.leprechaun.daemon.process.Usage;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Anchor;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.ClockLog;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.Order;
import io.leprechaun.daemon.run.Outbox;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Printed;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunFilter;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.Silence;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.run.StoreException;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.run.TriggerKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.groups.Tuple;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class SqliteStoreTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");
    private static final Recipe BACKUP = TestRecipes.steps("backup", "true", "false");
    private static final Telling ALL = new Telling(
            EnumSet.allOf(Telling.Kind.class),
            1,
            Optional.of(Duration.ZERO),
            List.of(),
            List.of("mail"),
            Optional.empty());

    /** Nobody is told but an address. */
    private static final Telling PING = new Telling(
            Set.of(),
            1,
            Optional.of(Duration.ZERO),
            List.of(),
            List.of(),
            Optional.of(new SecretSource.Inline(new Secret("https://hc.example.org/x"))));

    private static final int PAGE = 4096;
    /** A page of a table as SQLite writes one without a row. */
    private static final byte[] EMPTY_LEAF = ByteBuffer.allocate(PAGE)
            .put((byte) 13)
            .putInt(0)
            .putShort((short) PAGE)
            .array();

    @TempDir
    private Path folder;

    private SqliteStore store;

    @BeforeEach
    void open() {
        store = SqliteStore.open(file());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path file() {
        return folder.resolve("leprechaun.db");
    }

    private void reopen() {
        store.close();
        open();
    }

    private static Order order(Recipe recipe, TriggerKind trigger, Optional<Instant> due) {
        return new Order(recipe.name(), recipe.origin().hash(), "cron", 3, new Cause(trigger, due, Optional.of("zoe")));
    }

    private Run accept(Recipe recipe, Input input) {
        Run run = Run.accepted(store.nextId(), order(recipe, TriggerKind.CRON, Optional.of(NOON)), NOON);
        store.accept(run, recipe, input).join();
        return run;
    }

    private Run end(Run run, RunState state) {
        Run started = run.started(NOON.plusSeconds(1));
        store.start(List.of(started)).join();
        Run ended = started.ended(Outcome.of(state, "because"), NOON.plusSeconds(2));
        store.end(ended, List.of(), ALL).join();
        return ended;
    }

    private Run held(String reason, int count, Instant first, Instant last) {
        var repeat = new Run.Repeat(count, Optional.of(last).filter(end -> count > 1));
        return Run.refused(order(BACKUP, TriggerKind.CRON, Optional.of(first)), RunState.HELD, reason, repeat, last);
    }

    private List<Run> all() {
        return store.list(RunFilter.newest(1000));
    }

    @Test
    void each_opening_leaves_room_in_the_file_for_a_full_disk() {
        for (int i = 0; i < 40; i++) { // it was a race with what else an opening asks
            store.close();
            long free = Jdbi.create("jdbc:sqlite:" + file())
                    .withHandle(handle -> handle.createQuery("pragma freelist_count")
                            .mapTo(Long.class)
                            .one());
            assertThat(free).as("free pages after opening " + i).isGreaterThanOrEqualTo(1024);
            open();
        }
    }

    @Test
    void reopened_it_keeps_everything() throws IOException {
        var body = new byte[] {0, 1, -1, 10};
        Run run = accept(BACKUP, new Input(Map.of("BRANCH", "main ünï\n"), Optional.of(new Body.Held(body))));
        Run started = run.started(NOON.plusSeconds(1));
        store.start(List.of(started)).join();
        var steps = List.of(
                new StepResult(
                        1,
                        "true",
                        StepState.SUCCEEDED,
                        Optional.of(0),
                        Optional.of("detail"),
                        Optional.of("left behind: 4711 (nginx)"),
                        Optional.of(NOON),
                        Optional.of(NOON.plusSeconds(5)),
                        new Usage(Duration.ofMillis(12), OptionalLong.of(4096), 512, 1024),
                        new Printed(1 << 30, 1 << 20)),
                StepResult.pending(2, "false").in(StepState.NOT_RUN));
        Run ended = started.ended(
                new Outcome(RunState.TIMED_OUT, Optional.of("too slow"), Optional.of(143), steps), NOON.plusSeconds(9));
        store.end(ended, List.of(), ALL).join();
        String identity = store.identity();

        reopen();

        assertThat(store.identity()).isEqualTo(identity);
        assertThat(store.find(run.id())).contains(ended);
        assertThat(store.last()).isEqualTo(Map.of(BACKUP.name(), ended));
        assertThat(store.input(run.id()).parameters()).isEqualTo(Map.of("BRANCH", "main ünï\n"));
        assertThat(store.input(run.id()).body().orElseThrow().bytes()).isEqualTo(body);
        assertThat(store.version(BACKUP.origin().hash()))
                .contains(new RunStore.RecipeVersion(
                        BACKUP.origin().file().toString(), BACKUP.origin().text()));
        assertThat(store.ledger().lastDue(TriggerKind.CRON)).containsEntry(BACKUP.name(), NOON);
        assertThat(store.outbox().unsent("mail", 10))
                .extracting(Notice::kind, Notice::about)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Notice.Kind.FAILURE, new Notice.About.Ended(ended)));
    }

    @Test
    void ids_are_never_used_again_also_when_the_newest_rows_are_gone() {
        Run last = IntStream.range(0, 5)
                .mapToObj(i -> accept(BACKUP, Input.NONE))
                .toList()
                .getLast();
        store.close();
        Jdbi.create("jdbc:sqlite:" + file()).useHandle(handle -> handle.execute("delete from run"));
        open();

        assertThat(store.nextId()).isGreaterThan(last.id());
    }

    @Test
    void what_is_unfinished_comes_back_in_the_order_of_acceptance() {
        Run queued = accept(BACKUP, Input.NONE);
        Run running = accept(BACKUP, Input.NONE);
        Run over = accept(BACKUP, Input.NONE);
        Run later = accept(BACKUP, Input.NONE);
        store.start(List.of(running.started(NOON))).join();
        end(over, RunState.SUCCEEDED);

        reopen();

        assertThat(store.unfinished()).extracting(Run::id).containsExactly(queued.id(), running.id(), later.id());
        assertThat(store.unfinished())
                .extracting(Run::state)
                .containsExactly(RunState.QUEUED, RunState.RUNNING, RunState.QUEUED);
    }

    @Test
    void a_final_state_never_changes() {
        Run run = accept(BACKUP, Input.NONE);
        Run stopping = run.started(NOON).stopping("killed by zoe");
        Run ended = end(run, RunState.SUCCEEDED);

        store.changed(stopping);
        store.start(List.of(run.started(NOON))).join();

        assertThat(store.find(run.id())).contains(ended);
    }

    @Test
    void the_end_of_one_and_the_start_of_the_next_are_one_commit() {
        Run one = accept(BACKUP, Input.NONE);
        Run next = accept(BACKUP, Input.NONE);
        store.start(List.of(one.started(NOON))).join();

        store.end(
                        one.started(NOON).ended(Outcome.of(RunState.KILLED, "killed by zoe"), NOON),
                        List.of(next.started(NOON)),
                        Telling.NOTHING)
                .join();

        assertThat(store.find(one.id()).orElseThrow().state()).isEqualTo(RunState.KILLED);
        assertThat(store.find(next.id()).orElseThrow().state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void a_pause_outlives_the_store_that_kept_it_until_it_is_taken_back() {
        RecipeName never = new RecipeName("never-run");
        var whole = new Pause(NOON, Optional.of(NOON.plusSeconds(60)), "zoe", Optional.of("upgrade, \"now\" ü"));
        var bare = new Pause(NOON, Optional.empty(), "zoe", Optional.empty());
        end(accept(BACKUP, Input.NONE), RunState.SUCCEEDED);
        store.pause(BACKUP.name(), Optional.of(whole)).join();
        store.pause(never, Optional.of(bare)).join();
        reopen();
        assertThat(store.pauses()).isEqualTo(Map.of(BACKUP.name(), whole, never, bare));
        assertThat(store.last()).containsOnlyKeys(BACKUP.name());

        store.pause(BACKUP.name(), Optional.of(bare)).join();
        store.pause(never, Optional.empty()).join();
        assertThat(store.pauses()).as("in place of the other").isEqualTo(Map.of(BACKUP.name(), bare));
        reopen();
        store.pause(BACKUP.name(), Optional.empty()).join();
        assertThat(store.pauses()).isEmpty();
        assertThat(store.last()).as("what else is known of it stays").containsOnlyKeys(BACKUP.name());
    }

    @Test
    void equal_outcomes_in_a_row_are_one_record_with_first_last_and_count() {
        long first =
                store.refuse(held("paused", 1, NOON, NOON), Telling.NOTHING).join();
        long second = store.refuse(held("paused", 1, NOON.plusSeconds(60), NOON.plusSeconds(61)), Telling.NOTHING)
                .join();
        long third = store.refuse(held("paused", 5, NOON.plusSeconds(120), NOON.plusSeconds(360)), Telling.NOTHING)
                .join();

        assertThat(second).isEqualTo(first);
        assertThat(third).isEqualTo(first);
        Run record = store.find(first).orElseThrow();
        assertThat(record.repeat()).isEqualTo(new Run.Repeat(7, Optional.of(NOON.plusSeconds(360))));
        assertThat(record.order().cause().dueAt()).contains(NOON);
        assertThat(record.times().endedAt()).contains(NOON.plusSeconds(360));
        assertThat(all()).hasSize(1);
        assertThat(store.ledger().lastDue(TriggerKind.CRON)).containsEntry(BACKUP.name(), NOON.plusSeconds(360));
    }

    @Test
    void a_set_of_the_clock_comes_before_every_run_that_is_accepted_later() {
        store.refuse(held("paused", 1, NOON, NOON), Telling.NOTHING).join();
        for (int i = 1; i < 20; i++) { // the number of what is counted with another is given out again
            Instant due = NOON.plusSeconds(60L * i);
            var counted = store.refuse(held("paused", 1, due, due), Telling.NOTHING);
            var set = store.clock().add(ClockLog.Kind.SET, NOON, Duration.ofHours(1));
            counted.join();
            set.join();
            assertThat(store.clock().since(store.nextId())).isZero();
        }
    }

    @Test
    void what_comes_between_ends_the_counting() {
        long first =
                store.refuse(held("paused", 1, NOON, NOON), Telling.NOTHING).join();
        Run between = accept(BACKUP, Input.NONE);
        long afterRun =
                store.refuse(held("paused", 1, NOON, NOON), Telling.NOTHING).join();
        long otherReason =
                store.refuse(held("stopped", 1, NOON, NOON), Telling.NOTHING).join();
        long back = store.refuse(held("paused", 1, NOON, NOON), Telling.NOTHING).join();

        assertThat(List.of(first, between.id(), afterRun, otherReason, back)).doesNotHaveDuplicates();
        assertThat(all()).hasSize(5);
    }

    @Test
    void another_recipe_or_trigger_between_does_not_end_the_counting() {
        long first =
                store.refuse(held("paused", 1, NOON, NOON), Telling.NOTHING).join();
        accept(TestRecipes.steps("other", "true"), Input.NONE);
        Run manual = Run.accepted(store.nextId(), order(BACKUP, TriggerKind.MANUAL, Optional.empty()), NOON);
        store.accept(manual, BACKUP, Input.NONE).join();

        assertThat(store.refuse(held("paused", 1, NOON, NOON), Telling.NOTHING).join())
                .isEqualTo(first);
    }

    @Test
    void hooks_that_are_refused_are_counted_too() {
        var refused = Run.refused(
                order(BACKUP, TriggerKind.HOOK, Optional.empty()),
                RunState.REJECTED,
                "the queue is full",
                Run.Repeat.ONCE,
                NOON);
        long id = store.refuse(refused, Telling.NOTHING).join();
        store.refuse(refused, Telling.NOTHING).join();

        Run record = store.find(id).orElseThrow();
        assertThat(record.repeat()).isEqualTo(new Run.Repeat(2, Optional.empty()));
    }

    @Test
    void tells_once_of_what_was_rejected_again_and_again() {
        var refused = Run.refused(
                order(BACKUP, TriggerKind.HOOK, Optional.empty()),
                RunState.REJECTED,
                "the queue is full",
                Run.Repeat.ONCE,
                NOON);
        long id = store.refuse(refused, ALL).join();
        store.refuse(refused, ALL).join();
        store.refuse(held("paused", 1, NOON, NOON), ALL).join();

        assertThat(store.outbox().unsent("mail", 100))
                .extracting(Notice::name)
                .containsExactly("REJECTED of run " + id);
    }

    @Test
    void what_no_run_tells_is_kept_until_it_was_sent() {
        var found = new Notice.About.Found("down 41m: 7 due", NOON);
        store.outbox().tell(Notice.Kind.MISSED, found, List.of("mail")).join();
        Notice notice = store.outbox().unsent("mail", 10).getFirst();
        assertThat(notice.about()).isEqualTo(found);
        store.outbox().sent(List.of(notice.id())).join();
        assertThat(store.outbox().unsent("mail", 10)).isEmpty();
    }

    @Test
    void who_was_refused_while_others_were_told_is_kept_alone() {
        Run failed = end(accept(BACKUP, Input.NONE), RunState.FAILED);
        store.outbox()
                .tell(Notice.Kind.ALARM, new Notice.About.Found("it burns", NOON), List.of("mail", "mail2"))
                .join();
        List<Long> ids =
                store.outbox().unsent("mail", 10).stream().map(Notice::id).toList();
        var gone = new Outbox.Refusal("gone@example.org", "550 no such user", true);
        store.outbox()
                .sent(
                        ids,
                        List.of(
                                new Outbox.Refusal("night@example.org", "450 greylisted", false),
                                gone,
                                new Outbox.Refusal("dev@example.org", "452 full", false)))
                .join();

        reopen();
        assertThat(store.outbox().unsent("mail", 10))
                .as("the same notices, in their order")
                .extracting(Notice::id, Notice::left)
                .containsExactly(
                        tuple(ids.getFirst(), List.of("night@example.org", "dev@example.org")),
                        tuple(ids.getLast(), List.of("night@example.org", "dev@example.org")));
        assertThat(store.outbox().unsent("mail2", 10)).extracting(Notice::left).containsExactly(List.of());
        assertThat(lost()).containsExactly(tuple(failed.id(), "mail"), tuple(0L, "mail"));

        store.outbox()
                .sent(ids, List.of(new Outbox.Refusal("dev@example.org", "452 full", false)))
                .join();
        assertThat(store.outbox().unsent("mail", 10)).extracting(Notice::left).containsOnly(List.of("dev@example.org"));
        store.outbox().sent(ids, List.of(gone)).join();
        assertThat(store.outbox().unsent("mail", 10)).isEmpty();
        assertThat(lost()).hasSize(4);
    }

    /** The run and the target of each notice that {@code gone} did not get. */
    private List<Tuple> lost() {
        return store.outbox().entries(10).stream()
                .filter(entry -> entry.givenUp().equals(Optional.of("550 no such user")))
                .filter(entry -> entry.notice().left().equals(List.of("gone@example.org")))
                .map(entry -> tuple(
                        entry.notice().about() instanceof Notice.About.Ended(Run run) ? run.id() : 0L, entry.target()))
                .toList();
    }

    @Test
    void tells_of_failures_recoveries_and_successes_as_they_are_wanted() {
        end(accept(BACKUP, Input.NONE), RunState.SUCCEEDED);
        end(accept(BACKUP, Input.NONE), RunState.FAILED);
        end(accept(BACKUP, Input.NONE), RunState.KILLED);
        end(accept(BACKUP, Input.NONE), RunState.LOST);
        end(accept(BACKUP, Input.NONE), RunState.SUCCEEDED);
        end(accept(BACKUP, Input.NONE), RunState.SUCCEEDED);

        assertThat(store.outbox().unsent("mail", 100))
                .extracting(Notice::kind)
                .containsExactly(
                        Notice.Kind.SUCCESS,
                        Notice.Kind.FAILURE,
                        Notice.Kind.FAILURE,
                        Notice.Kind.SUCCESS,
                        Notice.Kind.RECOVERY,
                        Notice.Kind.SUCCESS);
        long first = store.outbox().unsent("mail", 1).getFirst().id();
        store.outbox().sent(List.of(first)).join();
        assertThat(store.outbox().unsent("mail", 100))
                .hasSize(5)
                .extracting(Notice::id)
                .doesNotContain(first);
    }

    @Test
    void what_was_given_up_is_kept_to_be_looked_at_and_holds_no_run() {
        end(accept(BACKUP, Input.NONE), RunState.FAILED);
        store.outbox()
                .tell(Notice.Kind.ALARM, new Notice.About.Found("it burns", NOON), List.of("mail"))
                .join();
        List<Long> ids =
                store.outbox().unsent("mail", 10).stream().map(Notice::id).toList();
        store.outbox().givenUp(ids.getLast(), "no such user").join();

        assertThat(store.outbox().unsent("mail", 10)).extracting(Notice::kind).containsExactly(Notice.Kind.FAILURE);
        assertThat(store.outbox().entries(10))
                .extracting(
                        entry -> entry.notice().kind() + " " + entry.givenUp().orElse("waits"))
                .containsExactly("ALARM no such user", "FAILURE waits");
    }

    /** Ends a run of each state, a minute one after the other, and answers what is told of them by now. */
    private List<Notice.Kind> told(Telling telling, RunState... states) {
        for (RunState state : states) {
            Run run = accept(BACKUP, Input.NONE);
            Instant at = NOON.plusSeconds(60 * run.id());
            store.end(run.started(at).ended(Outcome.of(state, "x"), at), List.of(), telling)
                    .join();
        }
        return store.outbox().unsent("mail", 100).stream().map(Notice::kind).toList();
    }

    private static Telling telling(int after, Optional<Duration> repeat) {
        return new Telling(
                Set.of(Telling.Kind.FAILURE, Telling.Kind.RECOVERY),
                after,
                repeat,
                List.of(),
                List.of("mail"),
                Optional.empty());
    }

    @Test
    void failures_are_told_from_the_third_in_a_row() {
        var third = telling(3, Optional.of(Duration.ZERO));
        assertThat(told(third, RunState.FAILED, RunState.FAILED, RunState.SUCCEEDED))
                .isEmpty();
        assertThat(told(third, RunState.FAILED, RunState.KILLED, RunState.LOST)).isEmpty();
        assertThat(told(third, RunState.FAILED, RunState.FAILED, RunState.SUCCEEDED, RunState.SUCCEEDED))
                .containsExactly(Notice.Kind.FAILURE, Notice.Kind.FAILURE, Notice.Kind.RECOVERY);
    }

    @Test
    void one_failure_of_many_is_told_where_none_is_to_be_repeated() {
        var once = telling(1, Optional.empty());
        assertThat(told(once, RunState.FAILED, RunState.FAILED, RunState.FAILED))
                .containsExactly(Notice.Kind.FAILURE);
        assertThat(told(once, RunState.SUCCEEDED, RunState.FAILED))
                .containsExactly(Notice.Kind.FAILURE, Notice.Kind.RECOVERY, Notice.Kind.FAILURE);
    }

    @Test
    void a_failure_is_repeated_after_its_time() {
        var now = telling(1, Optional.of(Duration.ofMinutes(3)));
        assertThat(told(now, RunState.FAILED, RunState.FAILED, RunState.FAILED)).hasSize(1);
        assertThat(told(now, RunState.FAILED)).as("3 minutes after the first").hasSize(2);
        assertThat(told(now, RunState.FAILED, RunState.FAILED)).hasSize(2);
        assertThat(told(now, RunState.FAILED)).hasSize(3);
    }

    @Test
    void a_failure_that_ended_before_the_one_that_was_told_is_told() {
        var each = telling(1, Optional.of(Duration.ZERO));
        for (int seconds : new int[] {60, 59, 61}) {
            Run run = accept(BACKUP, Input.NONE);
            Instant at = NOON.plusSeconds(seconds);
            store.end(run.started(NOON).ended(Outcome.of(RunState.FAILED, "x"), at), List.of(), each)
                    .join();
        }
        assertThat(store.outbox().unsent("mail", 10)).hasSize(3);
    }

    @Test
    void a_lost_run_is_told_once_whoever_asked() {
        var both = new Telling(
                Set.of(Telling.Kind.FAILURE, Telling.Kind.LOST),
                1,
                Optional.of(Duration.ZERO),
                List.of(),
                List.of("mail"),
                Optional.empty());
        assertThat(told(both, RunState.LOST)).containsExactly(Notice.Kind.FAILURE);
        var lost = new Telling(
                Set.of(Telling.Kind.LOST), 1, Optional.of(Duration.ZERO), List.of(), List.of("mail"), Optional.empty());
        assertThat(told(lost, RunState.FAILED, RunState.LOST)).containsExactly(Notice.Kind.FAILURE, Notice.Kind.LOST);
    }

    private void took(int seconds) {
        Run run = accept(BACKUP, Input.NONE);
        Instant at = NOON.plusSeconds(1000 * run.id());
        store.end(
                        run.started(at).ended(Outcome.of(RunState.SUCCEEDED, "x"), at.plusSeconds(seconds)),
                        List.of(),
                        new Telling(
                                Set.of(Telling.Kind.SLOW, Telling.Kind.FAST),
                                1,
                                Optional.of(Duration.ZERO),
                                List.of(),
                                List.of("mail"),
                                Optional.empty()))
                .join();
    }

    @Test
    void what_takes_twice_as_long_as_usual_is_slow_and_half_as_long_is_fast() {
        for (int seconds : new int[] {100, 10, 500, 30}) {
            took(seconds); // nobody knows what is usual yet
        }
        took(100);
        assertThat(store.outbox().unsent("mail", 10)).isEmpty();
        took(200);
        took(50);
        assertThat(store.outbox().unsent("mail", 10)).isEmpty();
        took(201);
        took(49);
        assertThat(store.outbox().unsent("mail", 10))
                .extracting(Notice::kind)
                .containsExactly(Notice.Kind.SLOW, Notice.Kind.FAST);
    }

    @Test
    void three_skipped_in_a_row_are_told_once() {
        for (int i = 1; i <= 5; i++) {
            Instant due = NOON.plusSeconds(60L * i);
            var skipped = Run.refused(
                    order(BACKUP, TriggerKind.CRON, Optional.of(due)),
                    RunState.SKIPPED,
                    "run 1 has not ended",
                    Run.Repeat.ONCE,
                    due);
            store.refuse(skipped, ALL).join();
            assertThat(store.outbox().unsent("mail", 10)).hasSize(i < 3 ? 0 : 1);
        }
        assertThat(store.outbox().unsent("mail", 10).getFirst().kind()).isEqualTo(Notice.Kind.SKIPPED);
    }

    @Test
    void an_address_is_told_each_end_whatever_people_are() {
        assertThat(told(PING, RunState.SUCCEEDED, RunState.KILLED, RunState.LOST))
                .isEmpty();
        assertThat(store.outbox().unsent("ping", 10))
                .extracting(Notice::kind)
                .containsExactly(Notice.Kind.SUCCESS, Notice.Kind.FAILURE);
    }

    @Test
    void an_address_is_not_told_of_runs_that_are_long_over() {
        Run first = accept(BACKUP, Input.NONE);
        store.outbox().begun(first).join();
        store.end(first.started(NOON).ended(Outcome.of(RunState.FAILED, "x"), NOON), List.of(), PING)
                .join();
        store.outbox().begun(accept(BACKUP, Input.NONE)).join();
        assertThat(store.outbox().unsent("ping", 10)).hasSize(3);
        var later =
                Run.accepted(store.nextId(), order(BACKUP, TriggerKind.CRON, Optional.of(NOON)), NOON.plusSeconds(601));
        store.accept(later, BACKUP, Input.NONE).join();
        store.outbox().begun(later).join();
        assertThat(store.outbox().unsent("ping", 10))
                .extracting(Notice::name)
                .containsExactly("START of run " + later.id());
    }

    @Test
    void what_is_known_is_not_told_until_it_is_over() {
        var each = telling(1, Optional.of(Duration.ZERO));
        told(each, RunState.FAILED);
        var ack = new Silence(Silence.Kind.ACK, NOON, Optional.empty(), "zoe", Optional.of("on its way"));
        store.outbox().silence(BACKUP.name(), Optional.of(ack)).join();
        assertThat(store.outbox().silences()).containsExactly(Map.entry(BACKUP.name(), ack));
        assertThat(told(each, RunState.FAILED, RunState.LOST)).containsExactly(Notice.Kind.FAILURE);
        assertThat(told(each, RunState.SUCCEEDED)).containsExactly(Notice.Kind.FAILURE, Notice.Kind.RECOVERY);
        assertThat(store.outbox().silences()).isEmpty();
        assertThat(told(each, RunState.FAILED)).hasSize(3);
    }

    @Test
    void who_sleeps_is_told_nothing_for_that_time() {
        var each = telling(1, Optional.of(Duration.ZERO));
        var snooze =
                new Silence(Silence.Kind.SNOOZE, NOON, Optional.of(NOON.plusSeconds(200)), "zoe", Optional.empty());
        store.outbox().silence(BACKUP.name(), Optional.of(snooze)).join();
        assertThat(told(each, RunState.FAILED, RunState.SUCCEEDED, RunState.FAILED))
                .isEmpty();
        assertThat(told(each, RunState.FAILED)).as("240 s after noon").containsExactly(Notice.Kind.FAILURE);
        store.outbox().silence(BACKUP.name(), Optional.empty()).join();
        assertThat(store.outbox().silences()).isEmpty();
    }

    @Test
    void a_notice_that_nobody_wants_is_not_kept() {
        Run run = accept(BACKUP, Input.NONE);
        store.end(run.started(NOON).ended(Outcome.of(RunState.FAILED, "x"), NOON), List.of(), Telling.NOTHING)
                .join();
        assertThat(store.outbox().unsent("mail", 10)).isEmpty();
    }

    @Test
    void lists_the_newest_first_by_recipe_state_time_and_number() {
        Recipe other = TestRecipes.steps("other", "true");
        Run a = end(accept(BACKUP, Input.NONE), RunState.SUCCEEDED);
        Run b = end(accept(other, Input.NONE), RunState.FAILED);
        Run c = accept(BACKUP, Input.NONE);

        assertThat(all()).containsExactly(c, b, a);
        assertThat(store.list(RunFilter.newest(10).of(BACKUP.name()))).containsExactly(c, a);
        assertThat(store.list(RunFilter.newest(10).in(Set.of(RunState.FAILED)))).containsExactly(b);
        assertThat(store.list(RunFilter.newest(1))).containsExactly(c);
        assertThat(store.list(RunFilter.newest(10).between(Optional.of(NOON.plusNanos(1000)), Optional.empty())))
                .isEmpty();
        assertThat(store.list(RunFilter.newest(10).between(Optional.of(NOON), Optional.empty())))
                .hasSize(3);
    }

    @Test
    void lists_a_few_runs_that_lie_far_apart_with_their_own_steps() {
        Run first = accept(BACKUP, Input.NONE);
        IntStream.range(0, 50).forEach(i -> accept(TestRecipes.steps("other", "true"), Input.NONE));
        Run last = accept(BACKUP, Input.NONE);
        for (Run run : List.of(first, last)) {
            var steps = List.of(StepResult.pending(1, "of " + run.id()).in(StepState.NOT_RUN));
            store.end(
                            run.started(NOON)
                                    .ended(
                                            new Outcome(RunState.KILLED, Optional.empty(), Optional.empty(), steps),
                                            NOON),
                            List.of(),
                            Telling.NOTHING)
                    .join();
        }
        assertThat(store.list(RunFilter.newest(10).of(BACKUP.name())))
                .extracting(run -> run.steps().getFirst().command())
                .containsExactly("of " + last.id(), "of " + first.id());
    }

    @Test
    void what_the_clock_had_shown_is_known_unless_it_was_set_back_by_too_much() {
        var ledger = store.ledger();
        Duration most = Duration.ofHours(3);
        assertThat(ledger.shown(TriggerKind.CRON, most, NOON.plus(most))).isEmpty();
        ledger.watched(new RecipeName("a"), TriggerKind.CRON, NOON, Optional.of(NOON.plusSeconds(60)));
        ledger.watched(new RecipeName("a"), TriggerKind.CRON, NOON.plusSeconds(5), Optional.empty());
        ledger.watched(
                new RecipeName("b"), TriggerKind.CRON, NOON.minusSeconds(9000), Optional.of(NOON.plusSeconds(9000)));
        ledger.watched(new RecipeName("c"), TriggerKind.SCHEDULE, NOON, Optional.of(NOON.plusSeconds(90)));
        store.accept(
                        Run.accepted(store.nextId(), order(BACKUP, TriggerKind.HOOK, Optional.empty()), NOON),
                        BACKUP,
                        Input.NONE)
                .join(); // those before are on disk now

        assertThat(ledger.shown(TriggerKind.CRON, most, NOON.plus(most))).contains(NOON.plusSeconds(60));
        assertThat(ledger.shown(TriggerKind.CRON, most, NOON.plusSeconds(60))).isEmpty();
    }

    @Test
    void a_clock_that_is_set_to_and_fro_is_counted_anew_each_time() {
        var name = BACKUP.name();
        for (int i = 0; i < 4; i++) {
            store.ledger().watched(name, TriggerKind.SCHEDULE, NOON, i % 2 == 0 ? Optional.empty() : Optional.of(NOON));
            accept(BACKUP, Input.NONE);
        }
        var since = Jdbi.create("jdbc:sqlite:" + file())
                .withHandle(handle -> handle.createQuery("select run from watched where recipe = :name order by run")
                        .bind("name", name.value())
                        .mapTo(Long.class)
                        .list());
        assertThat(since).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void an_anchor_holds_for_its_length_of_interval_only() {
        var name = new RecipeName("tick");
        var everyMinute = new Anchor(Duration.ofMinutes(1), NOON);
        store.ledger().anchor(name, everyMinute);
        store.ledger().accounted(List.of(name), TriggerKind.SCHEDULE, NOON.plusSeconds(9));
        store.accept(
                        Run.accepted(store.nextId(), order(BACKUP, TriggerKind.HOOK, Optional.empty()), NOON),
                        BACKUP,
                        Input.NONE)
                .join(); // the two before are on disk now

        assertThat(store.ledger().anchors()).containsExactly(Map.entry(name, everyMinute));
        assertThat(everyMinute.of(Duration.ofSeconds(60))).contains(NOON);
        assertThat(everyMinute.of(Duration.ofSeconds(61))).isEmpty();
        assertThat(store.ledger().lastDue(TriggerKind.SCHEDULE)).containsEntry(name, NOON.plusSeconds(9));
        assertThat(store.ledger().lastDue(TriggerKind.CRON)).isEmpty();
        assertThat(store.ledger().lastDue(TriggerKind.SCHEDULE)).containsExactly(Map.entry(name, NOON.plusSeconds(9)));
        assertThat(store.ledger().lastDue(TriggerKind.CRON)).isEmpty();
    }

    @Test
    void what_is_accounted_for_never_goes_back() {
        var name = BACKUP.name();
        store.ledger().accounted(List.of(name), TriggerKind.CRON, NOON.plusSeconds(3600));
        accept(BACKUP, Input.NONE);

        assertThat(store.ledger().lastDue(TriggerKind.CRON)).containsEntry(name, NOON.plusSeconds(3600));
    }

    @Test
    void its_file_is_the_owners_alone() throws IOException {
        accept(BACKUP, Input.NONE);
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path file = Path.of(file() + suffix);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void killed_while_it_was_made_it_is_made_again() throws IOException {
        Path other = folder.resolve("new.db");
        Files.createFile(folder.resolve("new.db.new"));
        try (var made = SqliteStore.open(other)) {
            assertThat(made.nextId()).isEqualTo(1);
        }
        try (var again = SqliteStore.open(other)) {
            assertThat(again.unfinished()).isEmpty();
        }
    }

    @Test
    void a_store_that_is_gone_while_its_log_is_there_is_not_taken_for_a_new_one() throws IOException {
        accept(BACKUP, Input.NONE);
        Path other = folder.resolve("other.db");
        Files.copy(Path.of(file() + "-wal"), folder.resolve("other.db-wal"));

        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("other.db is gone, but its log")
                .hasMessageContaining("restore both, or move the log away");
    }

    @Test
    void a_log_without_a_beginning_is_not_taken_for_an_empty_one() throws IOException {
        accept(BACKUP, Input.NONE);
        Path other = folder.resolve("other.db");
        Path log = folder.resolve("other.db-wal");
        Files.copy(file(), other);
        Files.copy(Path.of(file() + "-wal"), log);
        try (var channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(32), 0);
        }
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("its log " + log + " is broken before its end");
    }

    @Test
    void an_empty_file_is_no_empty_store() throws IOException {
        Path other = Files.createFile(folder.resolve("other.db"));
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        other + " is no store of Leprechaun, or its beginning is damaged: restore a backup");
        assertThat(other).isEmptyFile();
    }

    @Test
    void a_foreign_database_is_refused_and_left_as_it_is() {
        Path other = folder.resolve("other.db");
        Jdbi.create("jdbc:sqlite:" + other).useHandle(handle -> handle.execute("create table mine (x)"));
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        other + " is no store of Leprechaun, or its beginning is damaged: restore a backup");
        List<String> tables = Jdbi.create("jdbc:sqlite:" + other)
                .withHandle(handle -> handle.createQuery("select name from sqlite_schema")
                        .mapTo(String.class)
                        .list());
        assertThat(tables).containsExactly("mine");
    }

    @Test
    void a_file_that_is_no_database_is_refused_in_a_sentence() throws IOException {
        Path other = Files.writeString(folder.resolve("other.db"), "once upon a time\n".repeat(1000));
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(other.toString())
                .hasMessageContaining("restore a backup")
                .hasMessageNotContaining("[statement");
    }

    @Test
    void a_store_whose_schema_is_damaged_is_refused_in_a_sentence() throws IOException {
        accept(BACKUP, Input.NONE);
        store.close();
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[2000]), 100);
        }
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("restore a backup")
                .hasMessageNotContaining("[statement");
        Files.delete(file());
        open();
    }

    @Test
    void a_store_of_a_newer_version_is_refused_and_left_as_it_is() {
        store.close();
        Jdbi jdbi = Jdbi.create("jdbc:sqlite:" + file());
        jdbi.useHandle(handle -> handle.execute("pragma user_version = " + (Migrations.NEWEST + 1)));
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("was written by a newer Leprechaun (schema " + (Migrations.NEWEST + 1))
                .hasMessageContaining("install that version");
        jdbi.useHandle(handle -> handle.execute("pragma user_version = " + Migrations.NEWEST));
        open();
    }

    @Test
    void a_store_without_tables_is_not_taken_for_an_empty_one() {
        store.close();
        Jdbi.create("jdbc:sqlite:" + file()).useHandle(handle -> {
            var tables = handle.createQuery(
                            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
                    .mapTo(String.class)
                    .list();
            tables.forEach(table -> handle.execute("drop table " + table));
            handle.execute("pragma user_version = 0");
        });
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("it has no tables");
    }

    @Test
    void a_letter_that_has_become_another_is_noticed() {
        Run run = end(accept(BACKUP, Input.NONE), RunState.FAILED);
        store.close();
        Jdbi.create("jdbc:sqlite:" + file())
                .useHandle(handle -> handle.execute("update run set reason = 'becausf' where id = ?", run.id()));
        open();
        for (Runnable look : List.<Runnable>of(() -> store.find(run.id()), this::all, () -> store.last())) {
            assertThatThrownBy(look::run)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is damaged (the record of run " + run.id() + " is not as it was written)")
                    .hasMessageContaining(".dump");
        }
    }

    @Test
    void is_what_the_first_migration_decides() {
        store.close();
        Jdbi.create("jdbc:sqlite:" + file()).useHandle(handle -> {
            assertThat(handle.createQuery("pragma application_id")
                            .mapTo(Integer.class)
                            .one())
                    .isEqualTo(0x4c657072);
            assertThat(handle.createQuery("pragma auto_vacuum")
                            .mapTo(Integer.class)
                            .one())
                    .isEqualTo(2);
            assertThat(handle.createQuery("pragma journal_mode")
                            .mapTo(String.class)
                            .one())
                    .isEqualTo("wal");
        });
        open();
    }

    @Test
    void a_store_whose_schema_has_grown_over_several_pages_is_as_good_as_any() {
        Run run = end(accept(BACKUP, Input.NONE), RunState.FAILED);
        store.close();
        GrownSchema.grow(file());
        open();
        assertThat(store.find(run.id())).contains(run);
        assertThat(accept(BACKUP, Input.NONE).id()).isGreaterThan(run.id());
    }

    @Test
    void a_lost_page_of_the_schema_is_noticed_by_whoever_opens_the_store() throws IOException {
        accept(BACKUP, Input.NONE);
        store.close();
        GrownSchema.grow(file());
        byte[] whole = Files.readAllBytes(file());
        byte[] unlike = new byte[PAGE];
        new Random(1).nextBytes(unlike);
        for (int page : GrownSchema.pages(file())) {
            int at = (page - 1) * PAGE;
            isRefusedByAll("cut off at page " + page, Arrays.copyOf(whole, at));
            isRefusedByAll("zeroed page " + page, with(whole, at, new byte[PAGE]));
            isRefusedByAll("overwritten page " + page, with(whole, at, unlike));
            isRefusedByAll("emptied page " + page, with(whole, at, EMPTY_LEAF));
        }
        assertThat(folder.resolve("copy.db")).doesNotExist();
        Files.write(file(), whole);
        open();
    }

    private static byte[] with(byte[] whole, int at, byte[] instead) {
        byte[] damaged = whole.clone();
        System.arraycopy(instead, 0, damaged, at, instead.length);
        return damaged;
    }

    private void isRefusedByAll(String what, byte[] damaged) throws IOException {
        Files.write(file(), damaged);
        for (ThrowingCallable opening : List.<ThrowingCallable>of(
                () -> SqliteStore.open(file()),
                () -> SqliteStore.openToRead(file()),
                () -> Backup.make(file(), folder.resolve("copy.db")),
                () -> Verification.of(file(), Optional.empty(), (hash, version) -> Optional.empty()))) {
            assertThatThrownBy(opening)
                    .as(what)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(file() + " is damaged (")
                    .hasMessageContaining("): stop the daemon, then restore a backup, or move it away")
                    .hasMessageNotContaining(".dump");
        }
        assertThat(file()).as(what).hasBinaryContent(damaged);
    }

    @Test
    void while_the_schema_can_be_read_the_way_to_save_the_rest_is_told() throws IOException {
        accept(BACKUP, Input.NONE);
        store.close();
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file() + " is damaged (")
                .hasMessageContaining(".dump");
        Files.delete(file());
        open();
    }

    /** SQLite finds nothing wrong with it, and a migration would make such a table anew. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, Migrations.NEWEST})
    void a_store_that_has_lost_a_table_is_not_taken_for_one_that_never_had_it(int version) {
        Path other = folder.resolve("other.db");
        Jdbi.create("jdbc:sqlite:" + other).useHandle(handle -> {
            handle.execute("pragma application_id = " + StoreFile.APPLICATION_ID);
            Migrations.run(handle, version);
            handle.execute("pragma writable_schema = on");
            handle.execute("delete from sqlite_schema where name = 'parameter'");
        });
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(other + " is damaged (its schema has lost table parameter): stop the daemon")
                .hasMessageContaining("restore a backup");
    }

    @Test
    void a_read_that_fails_says_what_and_the_next_one_goes_well() {
        for (int i = 0; i < 10; i++) { // more often than there are readers
            var unreadable = RunFilter.newest(1).between(Optional.of(Instant.MIN), Optional.empty());
            assertThatThrownBy(() -> store.list(unreadable))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("cannot read the store: long overflow");
        }
        assertThat(all()).isEmpty();
    }

    @Test
    void closed_it_says_so_instead_of_answering() {
        store.close();
        assertThatThrownBy(this::all).isInstanceOf(StoreException.class).hasMessageContaining("closed");
        assertThat(store.outbox().sent(List.of(1L))).isCompletedExceptionally();
        open();
    }
}
