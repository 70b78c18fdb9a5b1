package io.leprechaun.daemon.run;

import io.leprechaun.daemon.body.Body;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run was given from outside, kept with it.
 *
 * @param parameters seen by steps as {@code LEPRECHAUN_PARAM_NAME}; names are upper-case environment names
 * @param body of the request that triggered it, seen by steps as a file
 * @param deliveries the names by which that request leads to this run when it comes again; no step sees them
 * @param course where it is to begin, and what it takes itself for
 */
public record Input(Map<String, String> parameters, Optional<Body> body, List<String> deliveries, RunOverrides course) {
    /** Nothing. */
    public static final Input NONE = new Input(Map.of(), Optional.empty());

    public Input {
        parameters = Map.copyOf(parameters);
        deliveries = List.copyOf(deliveries);
    }

    /** What no sender knows a run by. */
    public Input(Map<String, String> parameters, Optional<Body> body) {
        this(parameters, body, List.of());
    }

    /** What a hook gave. */
    public Input(Map<String, String> parameters, Optional<Body> body, List<String> deliveries) {
        this(parameters, body, deliveries, RunOverrides.USUAL);
    }

    /** The same for a run that somebody asks for: no sender knows it. */
    public Input on(RunOverrides other) {
        return new Input(parameters, body, List.of(), other);
    }

    /** The same with an empty body in place of the body, if there is one: what is left to know once the body is in its file. */
    public Input withoutContent() {
        return new Input(parameters, body.map(content -> Body.NONE), deliveries, course);
    }

    /** About how much it is, in bytes. */
    public long size() {
        long size = body.map(Body::length).orElse(0L);
        for (var parameter : parameters.entrySet()) {
            size += parameter.getKey().length() + parameter.getValue().length();
        }
        return size;
    }
}
