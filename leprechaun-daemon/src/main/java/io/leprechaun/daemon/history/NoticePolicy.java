package io.leprechaun.daemon.history;

import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Decides which notices a record leads to. Pure: the store calls it in the transaction that writes the record, and
 * writes its decision, too.
 */
public final class NoticePolicy {
    /** The age above which a ping is dropped when the next run begins. */
    public static final Duration LONGEST_PING_DELAY = Duration.ofMinutes(10);

    /** The number of earlier successes of which the usual duration is the median. */
    public static final int SAMPLE = 20;

    private static final int SMALLEST_SAMPLE = 5;
    private static final Duration SMALLEST_DIFFERENCE = Duration.ofSeconds(1);

    /** The number of due instants in a row that must be skipped before a notice. */
    private static final int SKIPPED_IN_A_ROW = 3;

    private NoticePolicy() {}

    /** A notice that is to be kept, for the target of this name. */
    public record Draft(NoticeEvent event, String target) {}

    /**
     * The state of a recipe between two records.
     *
     * @param failures the number of failures in a row
     * @param notifiedAt the instant at which the last of these failures led to a notice
     * @param mute the silence that keeps notices back
     */
    public record Standing(int failures, Optional<Instant> notifiedAt, Optional<Mute> mute) {
        /** A recipe without a past. */
        public static final Standing NONE = new Standing(0, Optional.empty(), Optional.empty());

        private boolean isMuted(Instant now, boolean isTrouble) {
            return mute.filter(one -> one.holds(now))
                    .filter(one -> isTrouble || one.kind() == Mute.Extent.SNOOZE)
                    .isPresent();
        }
    }

    /**
     * The notices to keep, and the state of the recipe from now on.
     *
     * @param notices the notices, in the order in which they are sent
     */
    public record NoticeDecision(List<Draft> notices, Standing after) {
        /** Creates an immutable copy. */
        public NoticeDecision {
            notices = List.copyOf(notices);
        }
    }

    /**
     * Decides on a run that has ended, or on a record of why a due instant started none.
     *
     * @param lastSuccesses the durations of the recipe's last {@value #SAMPLE} successes before the run, read only
     *     where they matter
     */
    public static NoticeDecision ofEnd(
            Run run, Standing before, NotifyRules rules, Supplier<List<Duration>> lastSuccesses) {
        var ending = new Ending(run, before, rules);
        NoticeDecision forPeople = switch (run.state()) {
            case FAILED, TIMED_OUT, LOST -> ending.failed();
            case SUCCEEDED -> ending.succeeded(lastSuccesses);
            case REJECTED -> ending.refused(NoticeEvent.REJECTED);
            case MISSED -> ending.refused(NoticeEvent.MISSED);
            case QUEUED, WAITING, RUNNING, STOPPING, KILLED, SKIPPED, HELD -> new NoticeDecision(List.of(), before);
        };
        return new NoticeDecision(
                Stream.concat(ping(run, rules).stream(), forPeople.notices().stream())
                        .toList(),
                forPeople.after());
    }

    /**
     * Decides on a record that counts more equal due instants than before.
     *
     * @param before the number that it counted before; 0: the record is new
     */
    public static List<Draft> ofRepetition(Run record, int before, Standing standing, NotifyRules rules) {
        boolean crosses = before < SKIPPED_IN_A_ROW && record.repeat().count() >= SKIPPED_IN_A_ROW;
        return record.state() == RunState.SKIPPED && crosses
                ? new Ending(record, standing, rules)
                        .refused(NoticeEvent.SKIPPED)
                        .notices()
                : List.of();
    }

    private static Optional<Draft> ping(Run run, NotifyRules rules) {
        boolean succeeded = run.state() == RunState.SUCCEEDED;
        return rules.ping()
                .filter(address -> succeeded || run.state().isTrouble())
                .map(address -> new Draft(succeeded ? NoticeEvent.SUCCESS : NoticeEvent.FAILURE, NotifyRules.PING));
    }

    /** One record and the facts on which its decision rests. */
    private record Ending(Run run, Standing before, NotifyRules rules) {
        private Instant now() {
            return run.times().endedAt().orElse(run.times().queuedAt());
        }

        private boolean wants(NoticeEvent event) {
            return rules.on().contains(event);
        }

        private List<Draft> drafts(List<NoticeEvent> events) {
            return events.stream()
                    .flatMap(event -> rules.targets().stream().map(target -> new Draft(event, target)))
                    .toList();
        }

        NoticeDecision refused(NoticeEvent event) {
            boolean notify = wants(event) && !before.isMuted(now(), true);
            return new NoticeDecision(notify ? drafts(List.of(event)) : List.of(), before);
        }

        NoticeDecision failed() {
            int failures = before.failures() + 1;
            Optional<NoticeEvent> event = wants(NoticeEvent.FAILURE)
                    ? Optional.of(NoticeEvent.FAILURE)
                    : Optional.of(NoticeEvent.LOST).filter(lost -> run.state() == RunState.LOST && wants(lost));
            boolean notify =
                    event.isPresent() && failures >= rules.after() && isDueAgain() && !before.isMuted(now(), true);
            var after = new Standing(failures, notify ? Optional.of(now()) : before.notifiedAt(), before.mute());
            return new NoticeDecision(notify ? drafts(List.of(event.get())) : List.of(), after);
        }

        /**
         * Returns whether the next notice is due. Ends may be recorded out of order, and clocks are set back: neither
         * may keep a failure from its notice.
         */
        private boolean isDueAgain() {
            return before.notifiedAt()
                    .map(last -> rules.repeat()
                            .filter(pause -> Duration.between(last, now()).abs().compareTo(pause) >= 0)
                            .isPresent())
                    .orElse(true);
        }

        NoticeDecision succeeded(Supplier<List<Duration>> lastSuccesses) {
            var events = new ArrayList<NoticeEvent>();
            events.add(NoticeEvent.SUCCESS);
            if (before.failures() >= rules.after()) {
                events.add(NoticeEvent.RECOVERY);
            }
            if ((wants(NoticeEvent.SLOW) || wants(NoticeEvent.FAST)) && !before.isMuted(now(), true)) {
                unusual(lastSuccesses.get()).ifPresent(events::add);
            }
            var after = new Standing(0, Optional.empty(), before.mute().filter(mute -> mute.kind() != Mute.Extent.ACK));
            return new NoticeDecision(
                    before.isMuted(now(), false)
                            ? List.of()
                            : drafts(events.stream().filter(this::wants).toList()),
                    after);
        }

        /**
         * Returns an event if a success took more than twice as long as the median of those before it, or less than
         * half of it.
         */
        private Optional<NoticeEvent> unusual(List<Duration> lastSuccesses) {
            Optional<Duration> took = run.times().duration();
            if (took.isEmpty() || lastSuccesses.size() < SMALLEST_SAMPLE) {
                return Optional.empty();
            }
            Duration usual = lastSuccesses.stream().sorted().toList().get(lastSuccesses.size() / 2);
            if (took.get().minus(usual).abs().compareTo(SMALLEST_DIFFERENCE) < 0) {
                return Optional.empty();
            }
            if (took.get().multipliedBy(2).compareTo(usual) < 0) {
                return Optional.of(NoticeEvent.FAST);
            }
            return Optional.of(NoticeEvent.SLOW)
                    .filter(slow -> usual.multipliedBy(2).compareTo(took.get()) < 0);
        }
    }
}
