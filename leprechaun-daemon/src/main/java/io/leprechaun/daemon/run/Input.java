package io.leprechaun.daemon.run;

import io.leprechaun.daemon.body.Body;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The input that a run got from outside, stored with it.
 *
 * @param parameters the parameters, which steps see as {@code LEPRECHAUN_PARAM_NAME}; names are upper-case environment
 *     names
 * @param body the body of the request that triggered it, which steps see as a file
 * @param deliveries the names by which that request leads to this run when it is delivered again; no step sees them
 * @param course the step at which it begins, and the trigger and due instant that its steps see
 */
public record Input(Map<String, String> parameters, Optional<Body> body, List<String> deliveries, RunOverrides course) {
    /** The input without content. */
    public static final Input NONE = new Input(Map.of(), Optional.empty());

    public Input {
        parameters = Map.copyOf(parameters);
        deliveries = List.copyOf(deliveries);
    }

    /** Creates the input of a run without delivery names. */
    public Input(Map<String, String> parameters, Optional<Body> body) {
        this(parameters, body, List.of());
    }

    /** Creates the input of a run that a hook triggered. */
    public Input(Map<String, String> parameters, Optional<Body> body, List<String> deliveries) {
        this(parameters, body, deliveries, RunOverrides.USUAL);
    }

    /** Returns the same input for a run that a user requests: without delivery names, with other overrides. */
    public Input on(RunOverrides other) {
        return new Input(parameters, body, List.of(), other);
    }

    /**
     * Returns the same input with an empty body in place of the body, if there is one: enough once the body is in its
     * file.
     */
    public Input withoutContent() {
        return new Input(parameters, body.map(content -> Body.NONE), deliveries, course);
    }

    /** Returns the approximate size of the input, in bytes. */
    public long size() {
        long size = body.map(Body::length).orElse(0L);
        for (var parameter : parameters.entrySet()) {
            size += parameter.getKey().length() + parameter.getValue().length();
        }
        return size;
    }
}
