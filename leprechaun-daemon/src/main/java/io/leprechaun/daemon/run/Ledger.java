package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Until when each recipe's due instants are accounted for, and where the counting of them begins. Its changes are the {@link RunStore}'s, in the same order. Thread-safe. */
public interface Ledger {
    /** Where the counting of each recipe's intervals begins. */
    Map<RecipeName, Anchor> anchors();

    /** Keeps where the counting of a recipe's intervals begins, soon; a failure is logged. */
    void anchor(RecipeName recipe, Anchor anchor);

    /** The last instant at which a recipe was due by a kind of trigger, whatever became of it. */
    Optional<Instant> lastDue(RecipeName recipe, TriggerKind trigger);

    /** The same of all recipes that were ever due by a kind of trigger. */
    Map<RecipeName, Instant> lastDue(TriggerKind trigger);

    /** Keeps that due instants of recipes until this one are accounted for, soon; a failure is logged. */
    void accounted(List<RecipeName> recipes, TriggerKind trigger, Instant until);

    /**
     * Keeps that the due instants of a recipe are watched for from this one on, soon: it is new, or its file has changed, and what was due before was nobody's business; or the clock was
     * set. A failure is logged.
     *
     * @param shown what the clock had shown before it was set back: until then the recipe may be due once more at the same instants
     */
    void watched(RecipeName recipe, TriggerKind trigger, Instant since, Optional<Instant> shown);

    /** By which boot of the machine a recipe was due last; empty if by none. */
    Optional<String> lastBoot(RecipeName recipe);

    /** Keeps that a recipe was due by a boot of the machine, soon; a failure is logged. */
    void booted(RecipeName recipe, String boot);
}
