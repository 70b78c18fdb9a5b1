package io.leprechaun.daemon.http;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Resolver;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A path under {@code /api/v1}, or {@code /health} or {@code /metrics}, mapped to the command that answers it, so that
 * resources and commands cannot differ.
 *
 * @param path the path of the handler
 * @param arguments the arguments for the handler
 */
record Resource(String path, List<String> arguments) {
    private static final Pattern FORM = Pattern.compile("/api/v1/(runs|recipes)(?:/([^/]+))?(/output)?");
    private static final String EVENTS = "/api/v1/events";

    Resource {
        arguments = List.copyOf(arguments);
    }

    /**
     * Returns the command behind a resource; empty when the path is not a resource.
     *
     * @param lastEvent the id of the last event that the caller has, by the header {@code Last-Event-ID}
     */
    static Optional<Resource> of(String path, @Nullable String query, Optional<String> lastEvent) {
        if (path.equals(EVENTS)) {
            return Optional.of(events(query, lastEvent));
        }
        Matcher form = FORM.matcher(path);
        if (path.equals("/health")) {
            return Optional.of(new Resource("/daemon/health", List.of()));
        }
        if (path.equals("/metrics")) {
            return Optional.of(new Resource("/daemon/metrics", List.of()));
        }
        if (!form.matches()) {
            return Optional.empty();
        }
        boolean runs = form.group(1).equals("runs");
        String one = form.group(2);
        if (form.group(3) != null) {
            return runs ? Optional.of(output(one, query)) : Optional.empty();
        }
        String agent = runs ? "history" : "book";
        if (runs && one == null) {
            return Optional.of(runs(query));
        }
        return Optional.of(
                one == null
                        ? new Resource(Resolver.path(agent, "list"), Resolver.arguments(query))
                        : new Resource(Resolver.path(agent, "show"), List.of("--", one)));
    }

    private static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage("'" + encoded + "' is not percent-encoded UTF-8"));
        }
    }

    /** Returns a list of runs, by arguments as of the command or by fields. */
    private static Resource runs(@Nullable String query) {
        var arguments = new ArrayList<>(Resolver.arguments(query));
        var recipe = new ArrayList<String>();
        for (Parameter parameter : parameters(query)) {
            switch (parameter.name()) {
                case "state", "trigger", "since", "until" ->
                    arguments.addAll(List.of("--" + parameter.name(), parameter.value()));
                case "limit" -> arguments.addAll(List.of("-n", parameter.value()));
                case "cursor" -> arguments.addAll(List.of("--before", parameter.value()));
                case "recipe" -> recipe.addAll(List.of("--", parameter.value()));
                default -> {}
            }
        }
        arguments.addAll(recipe);
        return new Resource(Resolver.path("history", "list"), arguments);
    }

    private static Resource events(@Nullable String query, Optional<String> lastEvent) {
        var arguments = new ArrayList<String>();
        lastEvent.ifPresent(id -> arguments.addAll(List.of("--after", id)));
        for (Parameter parameter : parameters(query)) {
            switch (parameter.name()) {
                case "topics", "recipe", "wait" ->
                    arguments.addAll(List.of("--" + parameter.name(), parameter.value()));
                case "after" -> {
                    if (lastEvent.isEmpty()) { // a reconnecting reader sends the address of its first request
                        arguments.addAll(List.of("--after", parameter.value()));
                    }
                }
                default -> {}
            }
        }
        return new Resource(Resolver.path("event", "list"), arguments);
    }

    private record Parameter(String name, String value) {}

    private static List<Parameter> parameters(@Nullable String query) {
        return Stream.of(query == null || query.isEmpty() ? new String[0] : query.split("&", -1))
                .map(parameter -> parameter.split("=", 2))
                .map(pair -> new Parameter(pair[0], pair.length < 2 ? "" : decode(pair[1])))
                .toList();
    }

    private static Resource output(String run, @Nullable String query) {
        var arguments = new ArrayList<String>();
        for (Parameter parameter : parameters(query)) {
            switch (parameter.name()) {
                case "step", "from", "attempt" -> arguments.addAll(List.of("--" + parameter.name(), parameter.value()));
                case "follow", "timestamps" -> {
                    if (parameter.value().equals("true")) {
                        arguments.add("--" + parameter.name());
                    }
                }
                default -> {}
            }
        }
        arguments.addAll(List.of("--", run));
        return new Resource(Resolver.path("history", "logs"), arguments);
    }
}
