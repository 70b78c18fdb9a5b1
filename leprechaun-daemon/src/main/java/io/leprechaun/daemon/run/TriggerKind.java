package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.Overlap;
import java.util.Locale;

/** What made a run due. */
public enum TriggerKind {
    /** An interval. */
    SCHEDULE,
    /** A cron pattern. */
    CRON,
    /** A webhook. */
    HOOK,
    /** Somebody. */
    MANUAL,
    /** The success of other recipes. */
    AFTER,
    /** A firing that was missed and is made up for. */
    CATCH_UP,
    /** An earlier run that is done again. */
    RETRY;

    /** As programs, steps and the store spell it, {@code catch-up} for example. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind that is spelled so. */
    public static TriggerKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** What a recipe does on overlap when it does not say. */
    public Overlap overlap() {
        return switch (this) {
            case SCHEDULE, CRON, AFTER -> Overlap.SKIP;
            case HOOK, MANUAL, CATCH_UP, RETRY -> Overlap.QUEUE;
        };
    }
}
