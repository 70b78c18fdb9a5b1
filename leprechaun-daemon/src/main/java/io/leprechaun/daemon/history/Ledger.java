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

/** Until when each recipe's due instants are accounted for, and where the counting of them begins. Its changes are the {@link RunStore}'s, in the same order. Thread-safe. */
public interface Ledger {
    /** Where the counting of each recipe's intervals begins. */
    Map<RecipeName, Anchor> anchors();

    /** Keeps where the counting of a recipe's intervals begins, soon; a failure is logged. */
    void anchor(RecipeName recipe, Anchor anchor);

    /** Counts all intervals from as much later as the clock was set forward, earlier for back: what was due by them is due after the same time. Completes when that is on disk. */
    CompletableFuture<Void> shift(Duration by);

    /** The last instant at which each recipe was due by a kind of trigger, whatever became of it; of those that ever were. Not of what follows others. */
    Map<RecipeName, Instant> lastDue(TriggerKind trigger);

    /**
     * What the clock showed at most before it was set back, by those times of which fixed local times are not due again; empty: it never was.
     *
     * @param most by how much it was set back at most
     * @param until what it had shown must be earlier
     */
    Optional<Instant> shown(TriggerKind trigger, Duration most, Instant until);

    /** Keeps that due instants of recipes until this one are accounted for, soon; a failure is logged. */
    void accounted(List<RecipeName> recipes, TriggerKind trigger, Instant until);

    /**
     * Keeps that the due instants of a recipe are watched for from this one on, soon: it is new, or its file has changed, and what was due before was nobody's business; or the clock was
     * set. A failure is logged.
     *
     * @param shown what the clock had shown before it was set back: until then the recipe may be due once more at the same instants
     */
    void watched(RecipeName recipe, TriggerKind trigger, Instant since, Optional<Instant> shown);

    /** The number of the newest end. Ends are counted from 1 in the order in which they are kept, whatever the clock showed. */
    long lastEnd();

    /**
     * The numbers of a recipe's last ends.
     *
     * @param well of the last success; 0 for none
     * @param badly of the last run that ended in another way; 0 for none
     */
    record Ends(long well, long badly) {}

    /** The last ends of a recipe's runs. */
    Ends ends(RecipeName recipe);

    /** Until which end it is accounted for what a recipe follows; empty: it followed nothing yet. */
    OptionalLong followed(RecipeName recipe);

    /** Keeps that a recipe follows what ends after an end, soon; a failure is logged. */
    void follow(RecipeName recipe, long end);

    /** By which boot of the machine a recipe was due last; empty if by none. */
    Optional<String> lastBoot(RecipeName recipe);

    /** Keeps that a recipe was due by a boot of the machine, soon; a failure is logged. */
    void booted(RecipeName recipe, String boot);
}
