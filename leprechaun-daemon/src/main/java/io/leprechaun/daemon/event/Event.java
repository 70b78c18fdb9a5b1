package io.leprechaun.daemon.event;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event.
 *
 * @param number the number of the event in this life of the daemon, from 1 on, without gaps
 * @param recipe the recipe that it concerns, if any
 * @param data its facts, in the order in which they are shown; names and values as in the API
 */
public record Event(
        long number, Instant at, Topic topic, Optional<String> recipe, Map<String, ? extends @Nullable Object> data) {}
