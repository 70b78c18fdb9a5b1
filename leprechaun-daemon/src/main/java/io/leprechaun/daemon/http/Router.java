package io.leprechaun.daemon.http;

import io.leprechaun.api.Handler;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Resolver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The handlers of the API by their paths. Immutable. */
public final class Router {
    private final Map<String, RoutedHandler> routes;

    private Router(Map<String, RoutedHandler> routes) {
        this.routes = routes;
    }

    private record RoutedHandler(String service, Handler handler) {}

    /**
     * Returns the routes of all services.
     *
     * @throws IllegalStateException if two services offer one route; the message names both
     */
    public static Router of(List<? extends Registrator> services) {
        var routes = new TreeMap<String, RoutedHandler>();
        for (Registrator service : services) {
            for (Handler handler : service.handlers()) {
                String path = Resolver.path(service.name(), handler.command());
                RoutedHandler first = routes.putIfAbsent(path, new RoutedHandler(owner(service), handler));
                if (first != null) {
                    throw new IllegalStateException(
                            "both " + first.service() + " and " + owner(service) + " offer the route " + path);
                }
            }
        }
        return new Router(routes);
    }

    private static String owner(Registrator service) {
        return service.name() + " (" + service.getClass().getSimpleName() + ")";
    }

    /** Returns the handler of a path. */
    Optional<Handler> find(String path) {
        return Optional.ofNullable(routes.get(path)).map(RoutedHandler::handler);
    }

    /** Returns whether there is an agent or service of this name: a handler below this first segment of a path. */
    boolean hasAgent(String agent) {
        return routes.keySet().stream().anyMatch(path -> path.startsWith("/" + agent + "/"));
    }

    /** Returns the commands of an agent, as they are typed. */
    List<String> commands(String agent) {
        return routes.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("/" + agent + "/"))
                .map(entry -> entry.getValue().handler().command())
                .toList();
    }

    /** Returns the names of all agents and services. */
    List<String> agents() {
        return routes.keySet().stream()
                .map(path -> path.substring(1, path.indexOf('/', 1)))
                .distinct()
                .toList();
    }
}
