package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Instant;
import java.util.Optional;

/** An event that a {@link DueQueue} reports. */
sealed interface DueEvent {
    /** A recipe is due. */
    record Due(Recipe recipe, Instant at) implements DueEvent {}

    /**
     * A recipe was due again before the daemon got to it: the machine was busy or suspended, or the daemon was stopped.
     */
    record Late(Recipe recipe, Schedule schedule, Missed missed) implements DueEvent {}

    /** A recipe was due, but the clock went past the instant, so it is not run. */
    record PassedBy(Recipe recipe, Schedule schedule, Missed missed) implements DueEvent {}

    /** The clock was set, and the due instants affected by it are counted again. */
    record ClockSet() implements DueEvent {}

    /**
     * The clock was set: a recipe's due instants are counted again.
     *
     * @param schedule the schedule by which it is due from now on
     * @param since the instant after which the new count holds
     * @param shown the time that the clock had shown, if that was later: until then the recipe may be due once more at
     *     an instant that is reported already
     */
    record Recounted(Recipe recipe, Schedule schedule, Instant since, Optional<Instant> shown) implements DueEvent {}
}
