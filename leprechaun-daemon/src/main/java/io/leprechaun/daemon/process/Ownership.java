package io.leprechaun.daemon.process;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The run and step that a process claims to belong to.
 *
 * @param mark the mark in its environment
 * @param tag the number that it kept; read only where there is no mark
 */
record Ownership(Optional<Mark> mark, OptionalLong tag) {
    static final Ownership NONE = new Ownership(Optional.empty(), OptionalLong.empty());

    boolean isIn(MarkFilter scope) {
        return mark.map(scope::covers).orElseGet(() -> tag.stream().anyMatch(scope::covers));
    }
}
