package io.leprechaun.daemon.e2e;

import static io.leprechaun.api.Access.ADMINISTER;
import static io.leprechaun.api.Access.CHANGE;
import static io.leprechaun.api.Access.READ;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.AgentCommands.NamedAgent;
import io.leprechaun.api.Verbs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A route of the daemon.
 *
 * @param access the least role that it should take
 */
record Route(String path, Access access) {
    /** An option that no command has: an authorised request is refused as wrong usage, and has no effect. */
    static final String HARMLESS = "?args=--no-such-option";

    /** All other commands that change something take the role operate. */
    static final Set<String> ADMINISTERING = Set.of(
            "/daemon/kill", "/daemon/reload", "/daemon/clock/accept", "/token/new", "/token/ls", "/token/revoke");

    /** Commands that exist only where users have recipes of their own. */
    private static final Set<String> OF_OWNERS = Set.of("/book/text", "/book/put", "/book/remove");

    /** Returns the routes of the lists of verbs and agent commands, of which each handler is made. */
    static List<Route> all(Api api) throws IOException {
        Stream<String> verbs = Verbs.routed().stream()
                .flatMap(verb -> verb.forms().stream())
                .flatMap(form -> form.route().stream())
                .map(route -> path(route.registrator(), route.command()));
        Stream<String> commands = Stream.concat(
                        AgentCommands.AGENTS.stream().map(NamedAgent::name), Stream.of(AgentCommands.DAEMON))
                .flatMap(agent -> Stream.concat(
                                AgentCommands.of(agent).stream(),
                                List.of("scheduler", "cron").contains(agent)
                                        ? Stream.of(AgentCommands.NEXT)
                                        : Stream.of())
                        .map(verb -> path(agent, verb.name())));
        var routes = new ArrayList<Route>();
        for (String path : Stream.concat(verbs, commands).distinct().toList()) {
            int status = api.send("GET", path + HARMLESS).status();
            if (status == 404) {
                assertThat(path).as("answered without `users` in the settings").isIn(OF_OWNERS);
                continue;
            }
            routes.add(new Route(path, status != 405 ? READ : ADMINISTERING.contains(path) ? ADMINISTER : CHANGE));
        }
        return routes;
    }

    private static String path(String registrator, String command) {
        return "/" + registrator + "/" + command.replace(':', '/');
    }
}
