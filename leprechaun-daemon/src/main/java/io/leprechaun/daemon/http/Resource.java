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
import org.jspecify.annotations.Nullable;

/**
 * A path under {@code /api/v1}, or {@code /health}, mapped to the command that answers it, so that resources and
 * commands cannot differ.
 *
 * @param path the path of the handler
 * @param arguments the arguments for the handler
 */
record Resource(String path, List<String> arguments) {
    private static final Pattern FORM = Pattern.compile("/api/v1/(runs|recipes)(?:/([^/]+))?(/output)?");

    Resource {
        arguments = List.copyOf(arguments);
    }

    /** Returns the command behind a resource; empty when the path is not a resource. */
    static Optional<Resource> of(String path, @Nullable String query) {
        Matcher form = FORM.matcher(path);
        if (path.equals("/health")) {
            return Optional.of(new Resource("/daemon/health", List.of()));
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

    private static Resource output(String run, @Nullable String query) {
        var arguments = new ArrayList<String>();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            String[] pair = parameter.split("=", 2);
            String value = pair.length < 2 ? "" : decode(pair[1]);
            switch (pair[0]) {
                case "step", "from", "attempt" -> arguments.addAll(List.of("--" + pair[0], value));
                case "follow", "timestamps" -> {
                    if (value.equals("true")) {
                        arguments.add("--" + pair[0]);
                    }
                }
                default -> {}
            }
        }
        arguments.addAll(List.of("--", run));
        return new Resource(Resolver.path("history", "logs"), arguments);
    }
}
