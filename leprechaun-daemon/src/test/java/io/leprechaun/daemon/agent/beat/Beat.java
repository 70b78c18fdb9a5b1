package io.leprechaun.daemon.agent.beat;

import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Due at each multiple of a span since the epoch, on all hosts at the same instants: {@code definition: beat}. */
record Beat(Duration span) implements Trigger {
    static final AgentName AGENT = new AgentName("beat");

    @Override
    public Optional<AgentName> agent() {
        return Optional.of(AGENT);
    }

    @Override
    public Optional<Schedule> schedule(Instant anchor) {
        long seconds = span.toSeconds();
        return Optional.of(after ->
                Optional.of(Instant.ofEpochSecond(Math.floorDiv(after.getEpochSecond(), seconds) * seconds + seconds)));
    }

    @Override
    public Map<String, String> keys() {
        return Map.of("beat", Durations.format(span));
    }

    @Override
    public boolean isTimed() {
        return true;
    }
}
