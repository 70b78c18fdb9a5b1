package io.leprechaun.daemon.e2e;

import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The base of the tests of run ends. */
abstract class RunEndsFixture {
    /**
     * The lines of a script. Each starts a process that tries to survive, and makes it write its pid to a file of the
     * test.
     */
    static final String FUGITIVES = """
        setsid sh -c 'echo $$ >> pids; sleep 600' &
        setsid sh -c 'trap "" TERM HUP INT; echo $$ >> pids; sleep 600; sleep 600' &
        nohup sh -c 'echo $$ >> pids; exec sleep 600' > /dev/null 2>&1 &
        (setsid sh -c 'echo $$ >> pids; exec sleep 600' &)
        (env -i setsid /bin/sh -c 'echo $$ >> pids; exec /bin/sleep 600' > /dev/null 2>&1 < /dev/null &)
        (env -i setsid /bin/sh -c 'trap "" TERM; cd /; echo $$ >> '"$PWD"'/pids; /bin/sleep 600; /bin/sleep 600' &)
        (setsid sh -c 'echo $$ >> pids; kill -STOP $$' &)
        until [ "$(wc -l < pids)" -eq 7 ]; do sleep 0.05; done
        touch up
        """;

    @RegisterExtension
    final Installation place;

    RunEndsFixture(Installation place) {
        this.place = place;
    }

    Installation family(String keys) {
        return place.recipe(
                "family",
                keys + "grace: 1s\nsteps:\n  - |\n" + (FUGITIVES + "trap '' TERM\nwait; sleep 600\n").indent(4));
    }

    List<String> fugitives() {
        return Installation.lines(place.work().resolve("pids"));
    }

    static String text(JsonNode node, String key) {
        return node.get(key).asString();
    }
}
