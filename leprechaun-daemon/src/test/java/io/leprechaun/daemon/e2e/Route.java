package io.leprechaun.daemon.e2e;

import static io.leprechaun.api.Access.ADMINISTER;
import static io.leprechaun.api.Access.CHANGE;
import static io.leprechaun.api.Access.READ;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A route of the daemon.
 *
 * @param access the least role that it should take
 */
record Route(String path, Access access) {
    /** An option that no command has: an authorised request is refused as wrong usage, and has no effect. */
    static final String HARMLESS = "?args=--no-such-option";

    /** All other commands that change something take the role operate. */
    static final Set<String> ADMINISTERING = Set.of("/daemon/kill", "/daemon/reload", "/daemon/clock/accept");

    /** Returns the routes that the daemon lists in its answer to an unknown path. */
    static List<Route> all(Api api) throws IOException {
        var routes = new ArrayList<Route>();
        for (String agent : listed(api, "/nobody/nothing", "there are ")) {
            for (String command : listed(api, "/" + agent + "/no-such-command", "it has ")) {
                String path = "/" + agent + "/" + command.replace(':', '/');
                boolean reads = api.send("GET", path + HARMLESS).status() != 405;
                routes.add(new Route(path, reads ? READ : ADMINISTERING.contains(path) ? ADMINISTER : CHANGE));
            }
        }
        return routes;
    }

    private static List<String> listed(Api api, String path, String before) throws IOException {
        var answer = api.send("GET", path);
        assertThat(answer.status()).as(path).isEqualTo(404);
        String detail = Installation.JSON.readTree(answer.body()).get("detail").asString();
        return List.of(
                detail.substring(detail.indexOf(before) + before.length()).split(", "));
    }
}
