package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.PATIENCE;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.databind.JsonNode;

/** A running daemon, with its log, its API and its hook port. */
final class RunningDaemon {
    private static final Pattern PORT = Pattern.compile("listening for hooks on 127\\.0\\.0\\.1:([0-9]+)");

    private final Installation place;
    private final DaemonLife life;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    RunningDaemon(Installation place, Installation.Begun begun) {
        this(place, new DaemonLife.Apart(begun));
    }

    RunningDaemon(Installation place, DaemonLife life) {
        this.place = place;
        this.life = life;
    }

    RunningDaemon awaitReady() {
        eventually(() -> {
            if (!life.isAlive() && !log().contains("is ready")) {
                throw new IllegalStateException("the daemon ended: " + log());
            }
            assertThat(log()).contains(" is ready: pid ");
        });
        return this;
    }

    /** Waits until it is ready, or has ended, and returns whether it is ready. */
    boolean becomesReady() {
        eventually(() ->
                assertThat(log().contains(" is ready: pid ") || !isAlive()).isTrue());
        return isAlive();
    }

    long pid() {
        return life.pid();
    }

    /** Returns its output on stderr until now. */
    String log() {
        return life.log();
    }

    /** Returns the port for hooks, which it opens as soon as a recipe takes hooks. */
    int port() {
        Installation.eventually(() -> assertThat(log()).containsPattern(PORT));
        return PORT.matcher(log())
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    /** Sends SIGTERM and returns the exit code. */
    int stop() throws InterruptedException {
        signal();
        return awaitExit();
    }

    void signal() {
        life.end();
    }

    /** Kills it with SIGKILL, and leaves its children. */
    void killHard() throws InterruptedException {
        life.kill();
        awaitExit();
    }

    int awaitExit() throws InterruptedException {
        return life.awaitExit();
    }

    boolean isAlive() {
        return life.isAlive();
    }

    /** Returns the API for requests that are written by hand. */
    Api api() {
        return new Api(place.socket());
    }

    /** Returns the document of a command that reads. */
    JsonNode ask(String target) throws IOException {
        var answer = api().send("GET", target);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** Waits until an agent has nothing to do. A long queue may exceed the usual limit as long as it gets shorter. */
    void awaitIdle(String agent) throws IOException {
        for (int left = left(agent); left > 0; ) {
            int before = left;
            eventually(() -> assertThat(left(agent)).isLessThan(before));
            left = left(agent);
        }
        for (String state : List.of("running", "stopping")) { // a worker is free before the end is on disk
            eventually(() -> assertThat(
                            list(ask("/history/list?args=--state&args=" + state).get("runs")))
                    .noneMatch(run -> run.get("agent").asString().equals(agent)));
        }
    }

    private int left(String agent) throws IOException {
        var info = ask("/" + agent + "/info");
        return info.get("queued").asInt() + info.get("running").asInt();
    }

    /** Returns every run of a recipe, oldest first. */
    List<JsonNode> runs(String recipe) throws IOException {
        return list(ask("/history/list?args=" + recipe + "&args=-n&args=2000").get("runs"))
                .reversed();
    }

    JsonNode run(long id) throws IOException {
        return ask("/history/show?args=" + id).get("run");
    }

    /** Waits until a run is over and returns it. */
    JsonNode over(long id) {
        eventually(() -> assertThat(run(id).get("ended_at").isNull()).isFalse());
        try {
            return run(id);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * Waits until a run waits for its next attempt, in the store as well: a daemon that is killed before that commit
     * has left it running.
     */
    void awaitRetry(long run) {
        var store = Jdbi.create("jdbc:sqlite:" + place.state().resolve("leprechaun.db"));
        eventually(() -> assertThat(store.<String, RuntimeException>withHandle(
                        handle -> handle.createQuery("select state from run where id = ?")
                                .bind(0, run)
                                .mapTo(String.class)
                                .one()))
                .isEqualTo("waiting"));
    }

    /** Starts a run by hand and returns its id. */
    long begin(String recipe) throws IOException {
        var answer = api().send("POST", "/book/run?args=" + recipe);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).get("run").get("id").asLong();
    }

    /** Runs a recipe to its end. */
    JsonNode runToEnd(String recipe) throws IOException {
        return over(begin(recipe));
    }

    /** Returns the whole output of a run's steps. */
    String output(long run) throws IOException {
        return api().send("GET", "/history/logs?args=" + run).body();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    /** @param headers the names and values in turn */
    HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        var request = request(path).POST(BodyPublishers.ofByteArray(body));
        return http.send(
                headers.length == 0 ? request.build() : request.headers(headers).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return post(path, new byte[0], new String[0]);
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return http.send(request(path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    /** Sends a body in chunks. */
    HttpResponse<String> postOfUnknownLength(String path, byte[] body) throws IOException, InterruptedException {
        var chunks = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        return http.send(request(path).POST(chunks).build(), BodyHandlers.ofString());
    }

    /** Sends this many requests, some at once, and returns the answers. */
    List<HttpResponse<String>> postMany(String path, int count, int atOnce) throws Exception {
        return postMany(path, new byte[0], count, atOnce);
    }

    /** Sends this many requests with a body, some at once, and returns the answers. */
    List<HttpResponse<String>> postMany(String path, byte[] body, int count, int atOnce) throws Exception {
        try (var senders =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            Callable<HttpResponse<String>> sender = () -> post(path, body);
            var answers = new ArrayList<HttpResponse<String>>();
            for (var answer : senders.invokeAll(Collections.nCopies(count, sender))) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(PATIENCE);
    }

    /** Returns the id of the run of a hook. */
    static long ticket(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body()).get("run").asLong();
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static List<String> texts(List<JsonNode> nodes, String key) {
        return nodes.stream().map(node -> node.get(key).asString()).toList();
    }
}
