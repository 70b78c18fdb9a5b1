package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Resolver;
import io.leprechaun.daemon.notify.delivery.SmtpServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document against the daemon that sends it: the routes of one are those of the other, and each answer is
 * as the document says. {@code -Dleprechaun.examples=FILE} writes the answers as the document's examples.
 */
@Timeout(180)
class DescriptionIT {
    private static final Pattern PORT = Pattern.compile("listening for API calls on [^ ]*:([0-9]+)");
    private static final String TEXT = "text/plain";
    private static final String PROBLEM = "application/problem+json";
    private static final Path SOURCES = Path.of("src/main/java/io/leprechaun/daemon/http");
    private static final Pattern ADDRESS = Pattern.compile("\"(/[^\"]*)\"");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9.]+");
    /** The commands that exist only at the socket of users with recipes of their own. */
    private static final Set<String> OF_OWNERS = Set.of("GET /book/text", "POST /book/put", "POST /book/remove");
    /** The forms of the document, which is no example of itself, and the metrics, which have a page of their own. */
    private static final Set<String> DOCUMENTS =
            Set.of("GET /api", "GET /api/v1/openapi.json", "GET /metrics", "GET /daemon/metrics");
    /**
     * The members that have no value in this test: the hook port is free, no clock is in doubt, no token is used before
     * its answer, no queued run has a step, no step is larger than the daemon, and the daemon is healthy.
     */
    private static final Set<String> NEVER = Set.of(
            "AgentInfo.problem",
            "Clock.doubt",
            "Event.set",
            "HealthCheck.why",
            "IssuedToken.last_used_at",
            "QueuedRun.step",
            "Step.peak_memory");

    @RegisterExtension
    private final Installation place = new Installation();

    private final SmtpServer mail = new SmtpServer();
    private final Set<String> asked = new HashSet<>();
    private final Map<String, List<ObjectNode>> examples = new TreeMap<>();
    private int judged;
    private RunningDaemon daemon;
    private ApiDescription description;

    @AfterEach
    void close() {
        mail.close();
    }

    private void start(String settings) throws Exception {
        place.settings("console: { open: always, listen: \"127.0.0.1:0\" }\n" + settings);
        daemon = place.start();
        description = new ApiDescription(daemon.ask("/api/v1/openapi.json"));
    }

    @Test
    void the_routes_of_the_document_are_those_of_the_daemon() throws Exception {
        start("");
        var described = new TreeSet<String>();
        for (String route : description.routes()) {
            String method = route.substring(0, route.indexOf(' '));
            String path = route.substring(route.indexOf(' ') + 1);
            described.add(path);
            var answer = daemon.api().send("PUT", filled(path));
            if (OF_OWNERS.contains(route)) {
                assertThat(answer.status()).as("%s at this socket", route).isEqualTo(404);
                continue;
            }
            assertThat(answer.status()).as(route).isEqualTo(405);
            assertThat(answer.header("Allow")).as(route).hasValue(method.equals("GET") ? "GET, HEAD" : method);
        }
        assertThat(Route.all(daemon.api())).extracting(Route::path).isSubsetOf(described);
        var templates = described.stream().map(DescriptionIT::filled).toList();
        for (String path : possible()) {
            if (daemon.api().send("PUT", path).status() == 405) {
                assertThat(path).as("described in openapi.skeleton.yml").isIn(templates);
            }
        }
        for (String agent : List.of("scheduler", "cron", "server", "daemon")) {
            String detail = JSON.readTree(
                            daemon.api().send("GET", "/" + agent + "/xyzzy").body())
                    .get("detail")
                    .asString();
            String commands = detail.substring(detail.indexOf("; " + agent + " has ") + agent.length() + 7);
            assertThat(described)
                    .containsAll(Stream.of(commands.split(", "))
                            .map(command -> Resolver.path(agent, command))
                            .toList());
        }
    }

    private static String filled(String path) {
        return path.replaceAll("\\{[a-z]+}", "1");
    }

    /** Returns the paths that may be resources: those of the words in addresses that the sources of http name. */
    private static Set<String> possible() throws IOException {
        var words = new TreeSet<String>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".java")).toList()) {
                ADDRESS.matcher(Files.readString(file))
                        .results()
                        .flatMap(address -> WORD.matcher(address.group(1)).results())
                        .forEach(word -> words.add(word.group()));
            }
        }
        assertThat(words).contains("health", "runs", "recipes", "output");
        var paths = new TreeSet<String>();
        for (String word : words) {
            paths.addAll(List.of("/" + word, "/api/" + word, "/api/v1/" + word, "/api/v1/" + word + "/1"));
            words.forEach(below -> paths.add("/api/v1/" + word + "/1/" + below));
        }
        return paths;
    }

    /** Asks a command, and judges its answer. The answer is an example if it has a name. */
    private JsonNode ask(String route, String example, String... words) throws IOException {
        String path = route.substring(route.indexOf(' ') + 1);
        var query = new StringBuilder();
        for (String word : words) {
            query.append(query.isEmpty() ? '?' : '&').append("args=").append(encoded(word));
        }
        return at(route, example, path + query, List.of(words));
    }

    private static String encoded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8);
    }

    private JsonNode at(String route, String example, String target, List<String> words) throws IOException {
        var answer = daemon.api().send(route.substring(0, route.indexOf(' ')), target);
        JsonNode response = description.response(route, 200);
        assertThat(answer.status()).as("%s: %s", target, answer.body()).isEqualTo(200);
        assertThat(answer.header("Leprechaun-Exit")).as(target).isPresent();
        String type = type(answer);
        JsonNode content = response.path("content").path(type);
        assertThat(content.isObject()).as("%s answers with %s", route, type).isTrue();
        boolean json = type.equals("application/json");
        JsonNode body =
                json ? JSON.readTree(answer.body()) : JSON.getNodeFactory().stringNode(answer.body());
        description.judge(target, content, body);
        note(route, example, words, body);
        if (json && route.startsWith("GET") && response.path("content").has(TEXT)) {
            for (String form : List.of("columns=80", "color=true", "quiet=true")) {
                String separator = target.contains("?") ? "&" : "?";
                var text = daemon.api()
                        .raw("GET " + target + separator + form + " HTTP/1.0\r\nHost: localhost\r\nAccept: " + TEXT
                                + "\r\n\r\n");
                assertThat(text.status()).as(target).isEqualTo(200);
                assertThat(type(text)).as(target).isEqualTo(TEXT);
            }
        }
        return body;
    }

    private void note(String route, String example, List<String> words, JsonNode answer) {
        asked.add(route);
        if (!example.isEmpty()) {
            var one = JSON.createObjectNode();
            one.put("name", example);
            if (!words.isEmpty()) {
                words.forEach(one.putArray("arguments")::add);
            }
            one.set("answer", general(answer));
            examples.computeIfAbsent(route, unused -> new ArrayList<>()).add(one);
        }
    }

    private static String type(Api.Answer answer) {
        return answer.header("Content-Type").orElse("").replaceFirst(";.*", "");
    }

    /** Returns an answer with the usual places instead of those of this test, and without secrets. */
    private JsonNode general(JsonNode answer) {
        JsonNode general = JSON.readTree(answer.toString()
                .replace(place.folder() + "/config", "/etc")
                .replace(place.folder() + "/state", "/var/lib")
                .replace(place.folder() + "/run", "/run/leprechaun")
                .replace(place.folder() + "/work", "/srv")
                .replace(place.folder().toString(), "/root")
                .replaceAll("#[A-Za-z0-9_-]{43}", "#...")
                .replaceAll("lep_[0-9a-f]{8}_[A-Za-z0-9_-]{43}", "lep_..."));
        shorten(general);
        return general;
    }

    /** Leaves two items of each list of objects. */
    private static void shorten(JsonNode node) {
        if (node instanceof ArrayNode list && list.path(0).isObject()) {
            while (list.size() > 2) {
                list.remove(2);
            }
        }
        node.forEach(DescriptionIT::shorten);
    }

    /** Sends a request that is refused, and judges the problem. */
    private void refused(String route, int status, String... words) throws IOException {
        String path = filled(route.substring(route.indexOf(' ') + 1));
        String query = words.length == 0 ? "" : "?args=" + String.join("&args=", words);
        refusedAt(route, status, path + query);
    }

    private void refusedAt(String route, int status, String target) throws IOException {
        var answer = daemon.api().send(route.substring(0, route.indexOf(' ')), target);
        judgeProblem(route, status, answer.status(), type(answer), answer.body());
    }

    private void judgeProblem(String route, int status, int answered, String type, String body) {
        assertThat(answered).as("%s: %s", route, body).isEqualTo(status);
        assertThat(type).isEqualTo(PROBLEM);
        JsonNode response = description.response(route, status);
        JsonNode problem = JSON.readTree(body);
        description.judge(route, response.path("content").path(PROBLEM), problem);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(response.path("description").asString())
                .containsPattern(
                        "exit code is (\\d+ or )?" + problem.get("code").asInt() + "\\b");
    }

    private void recipes() {
        place.recipe("backup", """
            description: copies the database
            definition: cron
            pattern: "30 2 * * *"
            lock: disk
            steps: [ 'echo saved 3 files', 'echo done' ]
            """);
        place.recipe("archive", """
            description: waits for the end of the test
            lock: disk
            steps: [ 'echo begins; sleep 600' ]
            """);
        place.recipe("index", """
            definition: schedule
            schedule: { day: 1 }
            lock: disk
            steps: [ 'true' ]
            """);
        place.recipe("tick", """
            definition: schedule
            schedule: { sec: 1 }
            steps: [ 'true' ]
            """);
        place.recipe("unstable", """
            retry: { times: 1, delay: 1h }
            steps: [ 'exit 3' ]
            """);
        place.recipe("check", """
            definition: cron
            pattern: "0 6 * * *"
            steps: [ '! test -e ready', 'echo never', { argv: [/no/such/program], must: true } ]
            """);
        Map.of(
                        "scheduler", "definition: schedule\nschedule: { day: 1 }\n",
                        "cron", "definition: cron\npattern: \"0 4 * * *\"\n",
                        "server", "definition: hook\n")
                .forEach((agent, trigger) -> {
                    boolean hook = agent.equals("server");
                    place.recipe(
                            "busy-" + agent,
                            trigger + (hook ? "id: example-hook-0A61D7C2E\n" : "") + "steps: [ 'sleep 600' ]\n");
                    place.recipe(
                            "waiting-" + agent,
                            trigger + (hook ? "id: example-hook-93B5F40D8\n" : "") + "lock: disk\nsteps: [ 'true' ]\n");
                });
        place.recipe("leaver", "steps: [ 'sleep 600 > /dev/null 2>&1 & echo left' ]\n");
        place.recipe("program", "steps: [ { argv: [/no/such/program] } ]\n");
        place.recipe("deploy", """
            definition: hook
            id: example-hook-45DE2239F
            steps:
              - { name: greet, run: 'echo "deploying"', must: true }
              - -> sleep 0
              - echo a b }>
              - { argv: [wc, -w] }
              - { run: echo failed, when: failure }
            """);
        place.recipe("broken", "steps: 5\n");
    }

    private String users() throws IOException {
        if (!SmallDisk.mayBeMounted()) {
            return "";
        }
        Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        return "users: { allow: [nobody] }\n";
    }

    @Tag("proof")
    @Test
    void each_answer_of_the_daemon_is_as_the_document_says() throws Exception {
        mail.talk(mail.obedient((line, usual) -> line.startsWith("RCPT TO:<gone@") ? "550 5.1.1 no such user" : usual));
        recipes();
        start(users() + "notify: { mail: { smtp: \"smtp://127.0.0.1:" + mail.port()
                + "\", from: leprechaun@example.org, to: [ops@example.org, gone@example.org] },"
                + " webhooks: [{ name: pager, url: \"http://127.0.0.1:9/\" }] }");
        documents();
        at("GET /api/v1/events", "", "/api/v1/events?wait=0", List.of()); // events are kept from now on
        commandsForRecipes();
        commandsForRuns();
        commandsForNotices();
        tokens();
        sessions();
        agents();
        daemonItself();
        ofOwners();
        refusals();
        ask("POST /daemon/kill", "stopping");
        assertThat(daemon.awaitExit()).isZero();

        write();
        var left = new TreeSet<>(description.routes());
        left.removeAll(asked);
        if (!SmallDisk.mayBeMounted()) {
            left.removeAll(OF_OWNERS);
        }
        assertThat(left).as("routes without a live answer").isEmpty();
        assertThat(description.unseen())
                .as("members without a value in any answer")
                .isSubsetOf(NEVER);
    }

    private void documents() throws IOException {
        for (String route : DOCUMENTS) {
            String path = route.substring(route.indexOf(' ') + 1);
            at(route, "", path, List.of());
            assertThat(daemon.api().send("HEAD", path)).satisfies(answer -> {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEmpty();
            });
        }
    }

    @Test
    void each_route_has_an_example_that_is_as_the_document_says() throws Exception {
        start("");
        for (String route : description.routes()) {
            int before = judged;
            description
                    .response(route, 200)
                    .path("content")
                    .forEach(content -> content.path("examples").forEachEntry((name, example) -> {
                        description.judge("the example " + name + " of " + route, content, example.get("value"));
                        judged++;
                    }));
            assertThat(judged > before).as("%s has an example", route).isNotEqualTo(DOCUMENTS.contains(route));
        }
    }

    private void commandsForRecipes() throws Exception {
        eventually(() -> assertThat(daemon.runs("tick")).isNotEmpty());
        ask("POST /book/pause", "recipe", "tick", "--until", "2h", "--reason", "the disk is being replaced");
        ask("POST /book/pause", "agent", "cron");
        ask("POST /book/resume", "agent", "cron");
        long backup = ask("POST /book/run", "started", "backup").at("/run/id").asLong();
        daemon.over(backup);
        ask("POST /book/run", "ended", "deploy", "-p", "branch=main", "--wait", "--timeout", "1m");
        daemon.runToEnd("program");
        daemon.runToEnd("leaver");
        daemon.runToEnd("check");
        daemon.awaitRetry(daemon.begin("unstable"));
        long archive = daemon.begin("archive");
        daemon.begin("index");
        eventually(() ->
                assertThat(daemon.run(archive).at("/steps/0/state").asString()).isEqualTo("running"));
        eventually(() ->
                assertThat(daemon.runs("tick")).anyMatch(run -> run.get("count").asInt() > 1));

        ask("GET /book/list", "all");
        at("GET /api/v1/recipes", "all", "/api/v1/recipes", List.of());
        ask("GET /book/show", "recipe", "backup");
        for (String recipe : List.of("deploy", "check", "broken", "tick", "unstable")) {
            ask("GET /book/show", "", recipe);
        }
        ask("GET /book/show", "run", String.valueOf(backup));
        at("GET /api/v1/recipes/{name}", "backup", "/api/v1/recipes/backup", List.of());
        ask("GET /book/env", "first step", "backup");
        ask("GET /book/env", "", "deploy", "--step", "4");
        ask("GET /book/next", "two", "-n", "2");
        ask("GET /book/next", "", "tick", "-n", "3");
        ask("GET /book/why", "recipe", "backup");
        ask("GET /book/why", "", "backup", "--at", "03:00");
        ask("GET /book/why", "run", String.valueOf(backup));
        ask("GET /book/locks", "held");
    }

    private void commandsForRuns() throws Exception {
        daemon.post("/hook?id=example-hook-45DE2239F");
        eventually(() -> assertThat(daemon.runs("deploy")).hasSize(2));
        String hooked = daemon.runs("deploy").getLast().get("id").asString();
        String checked = daemon.runs("check").getFirst().get("id").asString();
        String archive = daemon.runs("archive").getFirst().get("id").asString();
        daemon.over(Long.parseLong(hooked));
        ask("POST /book/retry", "started", checked);
        ask("POST /hook/replay", "started", hooked);
        ask("GET /history/wait", "failed", checked);
        ask("GET /history/logs", "two steps", "backup");
        ask("GET /history/show", "failed", checked);
        at("GET /api/v1/runs/{id}", "failed", "/api/v1/runs/" + checked, List.of());
        at(
                "GET /api/v1/runs/{id}/output",
                "hook",
                "/api/v1/runs/" + hooked + "/output?step=1&from=0&attempt=1&timestamps=false&follow=true",
                List.of());
        ask("POST /history/kill", "ended", archive);
        ask("GET /history/list", "failed", "--failed", "-n", "2");
        ask("GET /history/list", "", "-n", "100");
        at("GET /api/v1/runs", "failed", "/api/v1/runs?args=--failed&args=-n&args=2", List.of("--failed", "-n", "2"));
        ask("GET /history/usage", "all");
    }

    private void commandsForNotices() throws Exception {
        eventually(() -> assertThat(daemon.ask("/notify/list").get("notices"))
                .anyMatch(notice -> notice.get("state").asString().equals("given_up"))
                .anyMatch(notice -> notice.get("state").asString().equals("waiting") && notice.hasNonNull("why")));
        ask("POST /notify/ack", "set", "check", "--for", "3d", "--reason", "the disk is on its way");
        ask("POST /notify/ack", "ended", "check", "--off");
        ask("POST /notify/snooze", "set", "check", "--for", "2h", "--reason", "the disk is on its way");
        ask("POST /notify/snooze", "ended", "check", "--off");
        ask("POST /notify/snooze", "", "unstable", "--for", "2h");
        ask("GET /notify/list", "all");
        ask("POST /notify/test", "refused");
    }

    private void sessions() throws Exception {
        ask("GET /console/open", "code", "--code", "--ssh", "192.0.2.7 22");
        URI link =
                URI.create(ask("GET /console/open", "link").at("/console/url").asString());
        var login = HttpRequest.newBuilder(link.resolve("/login"))
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("secret=" + link.getFragment()));
        try (var http = HttpClient.newHttpClient()) {
            assertThat(http.send(login.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(303);
        }
        ask("GET /console/ls", "one");
        refused("POST /console/end", 404, "0123");
        ask("POST /console/end", "all", "all");
    }

    private void tokens() throws Exception {
        String token = ask("POST /token/new", "for 90 days", "grafana")
                .at("/token/token")
                .asString();
        ask("POST /token/new", "", "deploy", "--scope", "operate", "--expires", "never");
        URI list = URI.create("http://127.0.0.1:" + port() + "/book/list");
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(list);
            HttpResponse<String> unknown = http.send(request.build(), BodyHandlers.ofString());
            judgeProblem("GET /book/list", 401, unknown.statusCode(), type(unknown), unknown.body());
            assertThat(unknown.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            request.header("Authorization", "Bearer " + token);
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            description.judge(
                    list.getPath(),
                    description.response("GET /book/list", 200).at("/content/application~1json"),
                    JSON.readTree(answer.body()));
            for (String path : List.of("/api", "/api/v1/openapi.json")) {
                HttpResponse<String> described =
                        http.send(request.uri(list.resolve(path)).build(), BodyHandlers.ofString());
                assertThat(described.body())
                        .as("over TCP as at the socket")
                        .isEqualTo(daemon.api().send("GET", path).body());
            }
            HttpResponse<String> denied = http.send(
                    request.uri(list.resolve("/book/run?args=backup"))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            judgeProblem("POST /book/run", 403, denied.statusCode(), type(denied), denied.body());
        }
        ask("POST /token/ls", "all");
        refused("POST /token/new", 409, "grafana");
        ask("POST /token/revoke", "revoked", "grafana");
        ask("GET /access/changes", "two", "-n", "2");
        ask("GET /access/changes", "", "-n", "100");
    }

    private int port() {
        Matcher found = PORT.matcher(daemon.log());
        assertThat(found.find()).as(daemon.log()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    }

    private void agents() throws Exception {
        daemon.begin("archive"); // it holds the lock
        var agents = List.of("scheduler", "cron", "server");
        var busy = new TreeMap<String, String>();
        var waiting = new TreeMap<String, String>();
        for (String agent : agents) {
            busy.put(agent, String.valueOf(daemon.begin("busy-" + agent)));
            waiting.put(agent, String.valueOf(daemon.begin("waiting-" + agent)));
        }
        for (String agent : agents) {
            String path = "/" + agent;
            eventually(() -> assertThat(daemon.run(Long.parseLong(busy.get(agent)))
                            .at("/steps/0/state")
                            .asString())
                    .isEqualTo("running"));
            ask("GET " + path + "/info", "running");
            ask("GET " + path + "/recipes", "all");
            ask("GET " + path + "/workers/list", "busy");
            ask("GET " + path + "/queue/list", "waiting");
            ask("POST " + path + "/pause", "paused");
            ask("GET " + path + "/info", "");
            ask("POST " + path + "/start", "started");
            refused("POST " + path + "/workers/kill", 404, "none");
            refused("POST " + path + "/queue/drop", 404, "999");
            ask("POST " + path + "/queue/drop", "dropped", waiting.get(agent));
            ask("POST " + path + "/workers/kill", "ended", busy.get(agent));
        }
        ask("POST /book/pause", "all", "all");
        ask("POST /book/resume", "all", "all");
        ask("GET /scheduler/next", "one", "1");
        ask("GET /cron/next", "one", "1");
        for (String agent : agents) {
            ask("POST /" + agent + "/stop", "stopped", "--now");
        }
        refused("POST /cron/pause", 409);
    }

    private void daemonItself() throws IOException {
        ask("GET /daemon/info", "running");
        ask("GET /daemon/services", "all");
        ask("GET /daemon/health", "healthy");
        ask("GET /daemon/clock", "since the start");
        ask("POST /daemon/clock/accept", "not in doubt");
        place.recipe("fresh", "steps: [ 'true' ]\n"); // an event with its version
        ask("POST /daemon/reload", "done");
        at("GET /health", "healthy", "/health", List.of());
        JsonNode page = at("GET /api/v1/events", "", "/api/v1/events?wait=0", List.of());
        String first = page.get("after").asString().replaceFirst("-.*", "-0");
        at("GET /api/v1/events", "from the first", "/api/v1/events?wait=0&after=" + first, List.of());
        for (String topic : List.of("run", "step", "recipe", "agent", "health", "change")) {
            ask("GET /event/list", topic, "--wait", "0", "--after", first, "--topics", topic);
        }
    }

    /** Asks as another user at the socket of users with recipes of their own. */
    private void ofOwners() throws Exception {
        if (!SmallDisk.mayBeMounted()) {
            return;
        }
        own("POST /book/put", "stored", "job", "--text", "steps: [ 'echo mine' ]\n");
        own("GET /book/text", "read", "job");
        own("POST /book/remove", "removed", "job");
    }

    private void own(String route, String example, String... words) throws Exception {
        String[] parts = route.split(" ", 2);
        var command = new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups"));
        command.addAll(List.of("curl", "-s", "-G", "-X", parts[0], "--unix-socket"));
        command.addAll(List.of(place.socket().resolveSibling("own.sock").toString(), "http://localhost" + parts[1]));
        for (String word : words) {
            command.addAll(List.of("--data-urlencode", "args=" + word));
        }
        var ended = place.begin(command.toArray(String[]::new)).end();
        description.judge(
                route, description.response(route, 200).at("/content/application~1json"), JSON.readTree(ended.out()));
        note(route, example, List.of(words), JSON.readTree(ended.out()));
    }

    private void refusals() throws Exception {
        for (String route : description.routes()) {
            boolean takesWords = description
                    .operation(route)
                    .path("parameters")
                    .valueStream()
                    .anyMatch(parameter -> parameter.path("name").asString("").equals("args"));
            if (takesWords && !OF_OWNERS.contains(route) && !route.equals("GET /api/v1/runs")) {
                refused(route, 400, "--no-such-option");
            }
        }
        for (String route : List.of(
                "GET /book/show",
                "GET /book/env",
                "POST /book/run",
                "GET /book/next",
                "GET /book/why",
                "POST /book/pause",
                "POST /book/resume",
                "GET /history/list",
                "GET /history/logs",
                "POST /history/kill",
                "POST /notify/ack")) {
            refused(route, 404, "none");
        }
        for (String route :
                List.of("POST /book/retry", "POST /hook/replay", "GET /history/show", "GET /history/wait")) {
            refused(route, 404, "999");
        }
        refusedAt("GET /api/v1/recipes/{name}", 404, "/api/v1/recipes/none");
        refusedAt("GET /api/v1/runs/{id}", 404, "/api/v1/runs/999");
        refusedAt("GET /api/v1/runs/{id}/output", 404, "/api/v1/runs/999/output");
        refusedAt("GET /api/v1/runs/{id}/output", 400, "/api/v1/runs/1/output?step=none");
        refused("POST /history/kill", 409, "backup");
        refused("GET /history/wait", 504, unfinished(), "--timeout", "1s");
    }

    private String unfinished() throws IOException {
        return daemon.runs("unstable").getFirst().get("id").asString();
    }

    private void write() throws IOException {
        String file = System.getProperty("leprechaun.examples");
        if (file != null) {
            Files.writeString(
                    Path.of(file), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(examples) + "\n");
        }
    }
}
