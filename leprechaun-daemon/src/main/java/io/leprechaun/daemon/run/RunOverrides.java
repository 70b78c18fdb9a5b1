package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.TriggerKind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run that somebody asks for begins, and what it takes itself for.
 *
 * @param firstStep from 1; the steps before it are left out
 * @param as the trigger that its steps see in place of what asked for it
 * @param scheduledAt the due instant that its steps see in place of its own
 */
public record RunOverrides(int firstStep, Optional<TriggerKind> as, Optional<Instant> scheduledAt) {
    /** All steps, and as it is. */
    public static final RunOverrides USUAL = new RunOverrides(1, Optional.empty(), Optional.empty());

    /** No parameter can have such a name, so both may be kept in one place. */
    private static final String FIRST_STEP = "-first-step";

    private static final String AS = "-as";
    private static final String SCHEDULED_AT = "-scheduled-at";

    /** What is to be kept of it, by names that no parameter has; nothing of the usual one. */
    public Map<String, String> words() {
        var words = new HashMap<String, String>();
        if (firstStep > 1) {
            words.put(FIRST_STEP, Integer.toString(firstStep));
        }
        as.ifPresent(kind -> words.put(AS, kind.word()));
        scheduledAt.ifPresent(at -> words.put(SCHEDULED_AT, at.toString()));
        return words;
    }

    /**
     * Takes its words out of others.
     *
     * @throws IllegalArgumentException when they are none that were made here
     */
    public static RunOverrides take(Map<String, String> words) {
        try {
            return new RunOverrides(
                    Optional.ofNullable(words.remove(FIRST_STEP))
                            .map(Integer::parseInt)
                            .orElse(1),
                    Optional.ofNullable(words.remove(AS)).map(TriggerKind::new),
                    Optional.ofNullable(words.remove(SCHEDULED_AT)).map(Instant::parse));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
