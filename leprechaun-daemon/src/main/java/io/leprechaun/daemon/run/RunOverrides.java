package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.TriggerKind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The step at which a requested run begins, and the trigger and due instant that its steps see.
 *
 * @param firstStep the first step to run, from 1; the steps before it are left out
 * @param as the trigger that its steps see in place of the one that requested it
 * @param scheduledAt the due instant that its steps see in place of its own
 */
public record RunOverrides(int firstStep, Optional<TriggerKind> as, Optional<Instant> scheduledAt) {
    /** The overrides that change nothing: all steps, the run's own trigger and due instant. */
    public static final RunOverrides USUAL = new RunOverrides(1, Optional.empty(), Optional.empty());

    /** The name of the first step, which no parameter can have, so that both may be stored in one place. */
    private static final String FIRST_STEP = "-first-step";

    private static final String AS = "-as";
    private static final String SCHEDULED_AT = "-scheduled-at";

    /** Returns the values to store, by names that no parameter has; none for the usual overrides. */
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
     * Removes the words of overrides from others, and returns these overrides.
     *
     * @throws IllegalArgumentException when a word has a value that {@link #words} does not write
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
