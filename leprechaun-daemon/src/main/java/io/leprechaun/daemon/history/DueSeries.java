package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.schedule.Delayed;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks the records of one kind of trigger of a recipe against its due instants, as the recipe's own text has them.
 * Between two records of one text there must be no due instant, and no instant may be in two of them. Where a text was
 * watched again from a later instant, or old records were removed, nothing is known of the time between. Where the
 * clock was set back, the same instants may come once more after that; the numbers of the runs show what came before
 * and after such a change. Does no input or output; for one check.
 */
public final class DueSeries {
    private final RecipeName recipe;
    private final TriggerKind trigger;
    private final StoreFacts facts;
    private final Function<String, Optional<Recipe>> versions;
    private @Nullable Span before;

    /**
     * The due instants that one record stands for.
     *
     * @param epoch the number of times that watching the recipe had begun again before
     */
    public record Span(long run, String version, Instant first, Instant last, long epoch) {}

    /**
     * The facts of a store that its records do not contain.
     *
     * @param removed the number of the last run that was removed
     * @param setBack the numbers of the runs after which the clock was set back
     * @param identity the identity of the store, by which due instants are spread
     */
    public record StoreFacts(long removed, NavigableSet<Long> setBack, String identity) {}

    /** @param versions a function from each version of the text to the recipe that it defines */
    public DueSeries(
            RecipeName recipe, TriggerKind trigger, StoreFacts facts, Function<String, Optional<Recipe>> versions) {
        this.recipe = recipe;
        this.trigger = trigger;
        this.facts = facts;
        this.versions = versions;
    }

    /** Returns whether this is the series of this recipe and kind. */
    public boolean isOf(RecipeName other, TriggerKind kind) {
        return recipe.equals(other) && trigger.equals(kind);
    }

    /**
     * Compares the next record in the order of due instants with the one before. Returns a sentence where they
     * contradict each other or the recipe.
     */
    public Optional<String> add(Span next) {
        Span last = before;
        before = next;
        return last == null ? Optional.empty() : between(last, next);
    }

    private Optional<String> between(Span last, Span next) {
        boolean sameEpoch = last.epoch() == next.epoch();
        if (!next.first().isAfter(last.last()) && (sameEpoch || !wasSetBack(last, next))) {
            return Optional.of("runs %d and %d have the same due time %s of %s"
                    .formatted(last.run(), next.run(), next.first(), recipe));
        }
        if (!sameEpoch || !last.version().equals(next.version()) || last.run() < facts.removed()) {
            return Optional.empty();
        }
        return schedule(next.version(), last.last())
                .flatMap(schedule -> schedule.next(last.last()))
                .filter(due -> due.isBefore(next.first()))
                .map(due -> "%s was due at %s, between runs %d and %d, without a record"
                        .formatted(recipe, due, last.run(), next.run()));
    }

    private boolean wasSetBack(Span last, Span next) {
        return !facts.setBack().subSet(last.run(), true, next.run(), false).isEmpty();
    }

    /**
     * @param due a due instant, from which intervals can be counted as from their anchor: changes of the clock may have
     *     moved the anchor since
     */
    private Optional<Schedule> schedule(String version, Instant due) {
        return versions.apply(version)
                .flatMap(text -> text.triggers().stream()
                        .filter(one -> one.kind().equals(trigger))
                        .findFirst()
                        .flatMap(one -> schedule(text, one, due)));
    }

    private Optional<Schedule> schedule(Recipe text, Trigger one, Instant due) {
        return one.period().isPresent()
                ? one.schedule(due)
                : one.schedule(due)
                        .map(schedule -> Delayed.by(text.policy().timing().delay(recipe, facts.identity()), schedule));
    }
}
