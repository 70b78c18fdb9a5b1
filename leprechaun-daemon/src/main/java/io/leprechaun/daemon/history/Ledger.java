package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The instants until which each recipe's due instants are accounted for, and the anchors of its intervals. Its changes
 * are the {@link RunStore}'s, in the same order. Thread-safe.
 */
public interface Ledger {
    /** Returns the instants from which the recipes' intervals are counted. */
    Map<RecipeName, Anchor> anchors();

    /** Records the instant from which a recipe's intervals are counted, soon; a failure is logged. */
    void anchor(RecipeName recipe, Anchor anchor);

    /**
     * Shifts the anchors of all intervals by as much as the clock was set, later for forward: each is due after the
     * same elapsed time. Completes when that is on disk.
     */
    CompletableFuture<Void> shift(Duration by);

    /**
     * Returns the last instant at which each recipe was due by a kind of trigger, whatever the outcome; only recipes
     * that ever were due. Not for recipes that follow others.
     */
    Map<RecipeName, Instant> lastDue(TriggerKind trigger);

    /**
     * Returns the latest time that the clock showed before it was set back, among the changes after which fixed local
     * times are not due again; empty: it was never set back.
     *
     * @param most the largest change that counts
     * @param until the exclusive limit of the times that it had shown
     */
    Optional<Instant> shown(TriggerKind trigger, Duration most, Instant until);

    /** Records that due instants of recipes until this one are accounted for, soon; a failure is logged. */
    void accounted(List<RecipeName> recipes, TriggerKind trigger, Instant until);

    /**
     * Records that the due instants of a recipe are watched from this one on, soon. Reasons: the recipe is new or its
     * file has changed, so that earlier due instants do not count; or the clock was set. A failure is logged.
     *
     * @param shown the time that the clock had shown before it was set back: until then the recipe may be due once more
     *     at the same instants
     */
    void watched(RecipeName recipe, TriggerKind trigger, Instant since, Optional<Instant> shown);

    /**
     * Returns the number of the newest end. Ends are counted from 1 in the order in which they are recorded, whatever
     * the clock showed.
     */
    long lastEnd();

    /**
     * The numbers of a recipe's last ends.
     *
     * @param well the number of the last success; 0 for none
     * @param badly the number of the last run that ended in another way; 0 for none
     */
    record Ends(long well, long badly) {}

    /** Returns the last ends of a recipe's runs. */
    Ends ends(RecipeName recipe);

    /** Returns the number of the end until which a recipe has followed others; empty: it followed nothing yet. */
    OptionalLong followed(RecipeName recipe);

    /** Records that a recipe follows runs that end after an end, soon; a failure is logged. */
    void follow(RecipeName recipe, long end);

    /** Returns the boot of the machine by which a recipe was due last; empty if by none. */
    Optional<String> lastBoot(RecipeName recipe);

    /** Records that a recipe was due by a boot of the machine, soon; a failure is logged. */
    void booted(RecipeName recipe, String boot);
}
