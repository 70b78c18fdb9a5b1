package io.leprechaun.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.history.NoticePolicy.Draft;
import io.leprechaun.daemon.history.NoticePolicy.Standing;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class NoticePolicyTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Optional<SecretSource> ADDRESS =
            Optional.of(new SecretSource.Inline(new Secret("https://hc.example.org/x")));

    private static Run run(RunState state, Duration took, int count) {
        var spec = new RunSpec(new RecipeName("backup"), "0", AgentName.CRON, 0, Cause.due(TriggerKind.CRON, NOON));
        if (!state.hasRun()) {
            return Run.refused(spec, state, "because", new Run.Repeat(count, Optional.empty()), NOON);
        }
        Instant began = NOON.minus(took);
        return Run.accepted(1, spec, began).started(began).ended(Outcome.of(state, "because"), NOON);
    }

    private static NotifyRules rules(Set<NoticeEvent> on, int after, Optional<Duration> repeat) {
        return new NotifyRules(on, after, repeat, List.of(), List.of("mail"), Optional.empty());
    }

    private static Set<NoticeEvent> events(String words) {
        var events = EnumSet.noneOf(NoticeEvent.class);
        Stream.of(words.split(" "))
                .filter(word -> !word.isBlank())
                .map(NoticeEvent::valueOf)
                .forEach(events::add);
        return events;
    }

    private static Optional<Mute> mute(String word) {
        return switch (word) {
            case "-" -> Optional.empty();
            case "over" -> Optional.of(new Mute(Mute.Extent.SNOOZE, NOON, Optional.of(NOON), "zoe", Optional.empty()));
            default ->
                Optional.of(new Mute(Mute.Extent.valueOf(word), NOON, Optional.empty(), "zoe", Optional.empty()));
        };
    }

    /**
     * One row: the end, the failures before it, minutes since the last notice (- none), the mute; the rules; the
     * notices.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FAILED    | 0 | -  | -      | FAILURE RECOVERY | 1 | 0 | FAILURE",
                "TIMED_OUT | 5 | 1  | -      | FAILURE          | 1 | 0 | FAILURE",
                "KILLED    | 0 | -  | -      | FAILURE SUCCESS  | 1 | 0 |",
                "HELD      | 0 | -  | -      | FAILURE MISSED   | 1 | 0 |",
                "SKIPPED   | 0 | -  | -      | SKIPPED          | 1 | 0 |",
                "REJECTED  | 0 | -  | -      | REJECTED         | 1 | 0 | REJECTED",
                "REJECTED  | 0 | -  | ACK    | REJECTED         | 1 | 0 |",
                "MISSED    | 0 | -  | -      | MISSED           | 1 | 0 | MISSED",
                "MISSED    | 0 | -  | -      | FAILURE          | 1 | 0 |",
                "LOST      | 0 | -  | -      | LOST             | 1 | 0 | LOST",
                "LOST      | 0 | -  | -      | FAILURE LOST     | 1 | 0 | FAILURE",
                "FAILED    | 0 | -  | -      | LOST             | 1 | 0 |",
                "FAILED    | 1 | -  | -      | FAILURE          | 3 | 0 |",
                "FAILED    | 2 | -  | -      | FAILURE          | 3 | 0 | FAILURE",
                "FAILED    | 1 | 9  | -      | FAILURE          | 1 | 10 |",
                "FAILED    | 1 | 10 | -      | FAILURE          | 1 | 10 | FAILURE",
                "FAILED    | 1 | -10| -      | FAILURE          | 1 | 10 | FAILURE",
                "FAILED    | 1 | 99 | -      | FAILURE          | 1 | - |",
                "FAILED    | 0 | -  | ACK    | FAILURE          | 1 | 0 |",
                "FAILED    | 0 | -  | SNOOZE | FAILURE          | 1 | 0 |",
                "FAILED    | 0 | -  | over   | FAILURE          | 1 | 0 | FAILURE",
                "SUCCEEDED | 0 | -  | -      | RECOVERY         | 1 | 0 |",
                "SUCCEEDED | 1 | 1  | -      | RECOVERY         | 1 | 0 | RECOVERY",
                "SUCCEEDED | 1 | -  | -      | RECOVERY         | 2 | 0 |",
                "SUCCEEDED | 1 | 1  | ACK    | RECOVERY         | 1 | 0 | RECOVERY",
                "SUCCEEDED | 1 | 1  | SNOOZE | RECOVERY SUCCESS | 1 | 0 |",
                "SUCCEEDED | 1 | 1  | -      | RECOVERY SUCCESS | 1 | 0 | SUCCESS RECOVERY",
            })
    void an_end_leads_to_its_notices(
            RunState state,
            int failures,
            String minutes,
            String mute,
            String on,
            int after,
            String repeat,
            String expected) {
        var last = minutes.equals("-")
                ? Optional.<Instant>empty()
                : Optional.of(NOON.minus(Duration.ofMinutes(Long.parseLong(minutes))));
        var pause = repeat.equals("-")
                ? Optional.<Duration>empty()
                : Optional.of(Duration.ofMinutes(Long.parseLong(repeat)));
        var decision = NoticePolicy.ofEnd(
                run(state, Duration.ofSeconds(10), 1),
                new Standing(failures, last, mute(mute)),
                rules(events(on), after, pause),
                List::of);
        assertThat(decision.notices())
                .containsExactlyElementsOf(Stream.of((expected == null ? "" : expected).split(" "))
                        .filter(word -> !word.isBlank())
                        .map(word -> new Draft(NoticeEvent.valueOf(word), "mail"))
                        .toList());
    }

    @Test
    void failures_are_counted_until_a_success_whatever_is_notified() {
        var silent = rules(Set.of(), 1, Optional.of(Duration.ZERO));
        var once = NoticePolicy.ofEnd(run(RunState.FAILED, Duration.ZERO, 1), Standing.NONE, silent, List::of);
        assertThat(once.after()).isEqualTo(new Standing(1, Optional.empty(), Optional.empty()));
        var loud = rules(Set.of(NoticeEvent.FAILURE), 1, Optional.of(Duration.ZERO));
        var twice = NoticePolicy.ofEnd(run(RunState.FAILED, Duration.ZERO, 1), once.after(), loud, List::of);
        assertThat(twice.after()).isEqualTo(new Standing(2, Optional.of(NOON), Optional.empty()));
        var killed = NoticePolicy.ofEnd(run(RunState.KILLED, Duration.ZERO, 1), twice.after(), loud, List::of);
        assertThat(killed.after()).isEqualTo(twice.after());
        var over = NoticePolicy.ofEnd(run(RunState.SUCCEEDED, Duration.ZERO, 1), killed.after(), loud, List::of);
        assertThat(over.after()).isEqualTo(Standing.NONE);
    }

    @Test
    void a_success_ends_an_acknowledgement_and_no_snooze() {
        var rules = rules(Set.of(), 1, Optional.of(Duration.ZERO));
        for (var kind : Mute.Extent.values()) {
            var before = new Standing(1, Optional.empty(), mute(kind.name()));
            var after = NoticePolicy.ofEnd(run(RunState.SUCCEEDED, Duration.ZERO, 1), before, rules, List::of)
                    .after();
            assertThat(after.mute().isPresent()).isEqualTo(kind == Mute.Extent.SNOOZE);
        }
    }

    @ParameterizedTest
    @CsvSource({"20, 5, SLOW", "19, 5, ''", "21, 5, SLOW", "4, 5, FAST", "5, 5, ''", "100, 4, ''"})
    void a_success_far_from_the_median_is_unusual(int seconds, int before, String event) {
        var successes = Collections.nCopies(before, Duration.ofMillis(9_999));
        var rules = rules(Set.of(NoticeEvent.SLOW, NoticeEvent.FAST), 1, Optional.of(Duration.ZERO));
        var run = run(RunState.SUCCEEDED, Duration.ofSeconds(seconds), 1);
        assertThat(NoticePolicy.ofEnd(run, Standing.NONE, rules, () -> successes)
                        .notices())
                .extracting(draft -> draft.event().name())
                .containsExactlyElementsOf(event.isEmpty() ? List.of() : List.of(event));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, false", "1, 2, false", "2, 3, true", "0, 7, true", "3, 4, false"})
    void the_third_due_instant_skipped_in_a_row_leads_to_a_notice(int before, int count, boolean expected) {
        var rules = rules(Set.of(NoticeEvent.SKIPPED), 1, Optional.of(Duration.ZERO));
        var record = run(RunState.SKIPPED, Duration.ZERO, count);
        assertThat(NoticePolicy.ofRepetition(record, before, Standing.NONE, rules))
                .hasSize(expected ? 1 : 0);
        assertThat(NoticePolicy.ofRepetition(run(RunState.HELD, Duration.ZERO, count), before, Standing.NONE, rules))
                .isEmpty();
    }

    @Test
    void a_ping_goes_out_whatever_else_is_wanted_and_first() {
        var muted = new Standing(0, Optional.empty(), mute("SNOOZE"));
        var none = new NotifyRules(Set.of(), 1, Optional.empty(), List.of(), List.of("mail"), ADDRESS);
        assertThat(NoticePolicy.ofEnd(run(RunState.LOST, Duration.ZERO, 1), muted, none, List::of)
                        .notices())
                .containsExactly(new Draft(NoticeEvent.FAILURE, NotifyRules.PING));
        assertThat(NoticePolicy.ofEnd(run(RunState.KILLED, Duration.ZERO, 1), muted, none, List::of)
                        .notices())
                .isEmpty();
        var all = new NotifyRules(NoticeEvent.SUBSCRIBABLE, 1, Optional.empty(), List.of(), List.of("mail"), ADDRESS);
        assertThat(NoticePolicy.ofEnd(run(RunState.SUCCEEDED, Duration.ZERO, 1), Standing.NONE, all, List::of)
                        .notices())
                .containsExactly(
                        new Draft(NoticeEvent.SUCCESS, NotifyRules.PING), new Draft(NoticeEvent.SUCCESS, "mail"));
    }
}
