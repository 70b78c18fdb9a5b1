package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The shipped alerts and dashboard, and a daemon that has a sample of each metric. */
final class MonitoringFixture {
    static final Path SHARE = Installation.TREE.resolve("share");
    static final Path RULES = SHARE.resolve("prometheus/leprechaun.rules.yml");

    private static final Path DASHBOARD = SHARE.resolve("grafana/leprechaun.json");
    private static final Pattern EXPRESSION = Pattern.compile("(?m)^ +expr: (?:>-\\n((?: {10}.*\\n)+)|(.*)\\n)");
    private static final Pattern NAME = Pattern.compile("\\b(?:leprechaun|process|jvm)_[a-z_]+");

    private MonitoringFixture() {}

    /** Returns the expressions of the alerts. */
    static List<String> alerts() {
        var found = new ArrayList<String>();
        var expression = EXPRESSION.matcher(Installation.text(RULES));
        while (expression.find()) {
            found.add(expression.group(1) == null ? expression.group(2) : expression.group(1));
        }
        assertThat(found).hasSize(11);
        return found;
    }

    /** Returns the queries of the dashboard, for all hosts and a minute. */
    static List<String> queries() {
        var found = new ArrayList<String>();
        for (JsonNode panel : JSON.readTree(Installation.text(DASHBOARD)).get("panels")) {
            panel.get("targets").forEach(target -> found.add(target.get("expr").asString()));
        }
        assertThat(found).hasSizeGreaterThan(20);
        return found.stream()
                .map(query -> query.replace("$instance", ".*").replace("$__rate_interval", "1m"))
                .toList();
    }

    /** Returns the names of the daemon's metrics in expressions, as they are declared. */
    static Set<String> names(List<String> expressions) {
        var names = new HashSet<String>();
        for (String expression : expressions) {
            var name = NAME.matcher(expression);
            while (name.find()) {
                names.add(name.group().replaceFirst("_(bucket|sum|count)$", ""));
            }
        }
        return names;
    }

    /** Starts a daemon with runs, hooks and a target of notices. */
    static RunningDaemon start(Installation place, String settings) throws Exception {
        var daemon = place.settings("notify: { command: [/bin/true], on: [failure] }\n" + settings)
                .recipe("good", "definition: cron\npattern: '30 2 * * *'\nsteps: [ 'true' ]\n")
                .recipe("bad", "steps: [ 'exit 3' ]\n")
                .recipe("once", "steps: [ 'if test -e ran; then sleep 600; fi; touch \"$(mktemp -d ran.XXX)\"' ]\n")
                .recipe("hook", "definition: hook\nid: knock\nsteps: [ 'true' ]\n")
                .start();
        for (int i = 0; i < 3; i++) {
            daemon.over(daemon.begin("good"));
            daemon.over(daemon.begin("once"));
        }
        Files.createFile(place.work().resolve("ran"));
        daemon.begin("once");
        daemon.over(daemon.begin("bad"));
        assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(202);
        eventually(() -> assertThat(page(daemon))
                .contains("leprechaun_recipe_expected_gap_seconds{recipe=\"good\"}")
                .contains("leprechaun_recipe_failures_in_a_row{recipe=\"bad\"} 1"));
        return daemon;
    }

    static String page(RunningDaemon daemon) throws Exception {
        var answer = daemon.api().send("GET", "/metrics");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }
}
