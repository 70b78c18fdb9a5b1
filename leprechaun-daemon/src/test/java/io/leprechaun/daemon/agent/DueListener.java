package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A listener with a method for each kind of event. */
interface DueListener extends Consumer<DueEvent> {
    void due(Recipe recipe, Instant at);

    void late(Recipe recipe, Schedule schedule, Missed late);

    void missed(Recipe recipe, Schedule schedule, Missed missed);

    void set();

    void recount(Recipe recipe, Schedule schedule, Instant since, Optional<Instant> shown);

    @Override
    default void accept(DueEvent event) {
        switch (event) {
            case DueEvent.Due due -> due(due.recipe(), due.at());
            case DueEvent.Late late -> late(late.recipe(), late.schedule(), late.missed());
            case DueEvent.PassedBy passed -> missed(passed.recipe(), passed.schedule(), passed.missed());
            case DueEvent.ClockSet _ -> set();
            case DueEvent.Recounted again -> recount(again.recipe(), again.schedule(), again.since(), again.shown());
        }
    }
}
