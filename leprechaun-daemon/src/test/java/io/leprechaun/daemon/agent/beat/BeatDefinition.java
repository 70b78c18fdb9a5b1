package io.leprechaun.daemon.agent.beat;

import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.reader.Definition;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.time.Duration;
import java.util.Optional;

/** {@code definition: beat}. */
public record BeatDefinition() implements Definition {
    @Override
    public String word() {
        return "beat";
    }

    @Override
    public AgentName agent() {
        return Beat.AGENT;
    }

    @Override
    public String key() {
        return "beat";
    }

    @Override
    public String example() {
        return "10s";
    }

    @Override
    public Optional<Trigger> read(MappingReader fields, Policy policy, Surroundings surroundings, Problems problems) {
        return fields.duration(key(), Duration.ofSeconds(1), Duration.ofDays(1)).map(Beat::new);
    }
}
