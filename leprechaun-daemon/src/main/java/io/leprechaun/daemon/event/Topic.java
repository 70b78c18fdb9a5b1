package io.leprechaun.daemon.event;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The topic of an event. */
public enum Topic {
    /** A run has another state, or a due instant started nothing. */
    RUN,
    /** A step of a run has begun or ended. */
    STEP,
    /** A recipe was read, changed, removed, paused or resumed. */
    RECIPE,
    /** An agent has another status, or other numbers of runs at work and waiting. */
    AGENT,
    /** The daemon has become healthy, or has another fault. */
    HEALTH,
    /** The host's clock was set. */
    CLOCK,
    /** A user or a program changed something. */
    CHANGE;

    /** Returns its name in the API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the topic of this name; empty: there is none. */
    public static Optional<Topic> of(String word) {
        return Stream.of(values()).filter(topic -> topic.word().equals(word)).findFirst();
    }
}
