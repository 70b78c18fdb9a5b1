package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Checker.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Recipes of every kind whose steps write to a witness, and a client that posts hooks all the time and keeps the runs
 * that were answered 202, whatever happens to the daemon meanwhile. At the end all records are compared.
 */
final class Workload implements AutoCloseable {
    private static final int WORKERS = 10;
    private static final List<String> AGENTS = List.of("scheduler", "cron", "server");

    private final Installation place;
    private final int workers;
    private final Witness witness;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Duration> periods = new HashMap<>();
    private final List<String> hooks = new ArrayList<>();
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sent = new AtomicInteger();
    private final ScheduledExecutorService client = Executors.newScheduledThreadPool(2);
    private volatile Optional<RunningDaemon> daemon = Optional.empty();

    /**
     * Creates a workload without recipes yet; with ten workers an agent, a queue for all runs, and a history that keeps
     * all of them.
     */
    Workload(Installation place) {
        this(place, WORKERS);
    }

    /** Creates a workload with this number of workers an agent. */
    Workload(Installation place, int workers) {
        this.place = place;
        this.workers = workers;
        witness = new Witness(place.folder());
        place.settings("workers: { max: " + workers + ", queue: 100000 }\nhistory: { keep: { runs: none } }");
    }

    /** Adds recipes to which the client posts hooks, in turn with all others. */
    Workload hooks(String name, int count, String keys, String work) {
        for (int i = 1; i <= count; i++) {
            String hook = name + "-" + i;
            add(hook, "definition: hook\nid: the-id-of-" + hook + "\n" + keys, work);
            hooks.add(hook);
        }
        return this;
    }

    /** Adds a recipe that is started by hand. */
    Workload byHand(String name, String keys, String work) {
        add(name, keys, work);
        return this;
    }

    /** Each recipe has a text of its own. */
    private void add(String name, String keys, String work) {
        String text = witness.recipe("name: " + name + "\n" + keys, work);
        texts.put(name, text);
        place.recipe(name, text);
    }

    /** Adds recipes that are due by a pattern. */
    Workload cron(String name, int count, String pattern, Duration period, String keys, String work) {
        for (int i = 1; i <= count; i++) {
            String trigger = "definition: cron\npattern: '" + pattern + "'\n";
            add(name + "-" + i, trigger + keys, work);
            periods.put(name + "-" + i, period);
        }
        return this;
    }

    /** Adds recipes that are due at this interval in seconds, counted from the time at which they were first loaded. */
    Workload intervals(String name, int count, int seconds, String keys, String work) {
        for (int i = 1; i <= count; i++) {
            String trigger = "definition: schedule\nschedule: { sec: " + seconds + " }\n";
            add(name + "-" + i, trigger + keys, work);
            periods.put(name + "-" + i, Duration.ofSeconds(seconds));
        }
        return this;
    }

    /** Starts the client, at this number of hooks a second. */
    void knock(int aSecond) {
        long pause = TimeUnit.SECONDS.toMicros(1) / aSecond;
        var unused = client.scheduleAtFixedRate(this::knockOnce, 0, pause, TimeUnit.MICROSECONDS);
    }

    /** Waits for the life of a daemon, which the test varies, and not for an event. */
    static void live(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    /** Sets the daemon to which the client posts from now on. */
    void daemonIs(RunningDaemon now) {
        daemon = Optional.of(now);
    }

    private void knockOnce() {
        int number = sent.getAndIncrement();
        daemon.ifPresent(now -> {
            try {
                var answer = now.post("/hook?id=the-id-of-" + hooks.get(number % hooks.size()));
                if (answer.statusCode() == 202) {
                    acknowledged.add(RunningDaemon.ticket(answer));
                }
            } catch (IOException gone) {
                // it was killed, or is not ready yet: the run was not acknowledged
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Starts a recipe by hand, which must be accepted. */
    void run(RunningDaemon now, String recipe) throws IOException {
        acknowledged.add(now.begin(recipe));
    }

    /** Waits until every run that is reported as running has a process, and no run that is over has one. */
    void awaitTrueProcesses(RunningDaemon now) {
        eventually(() -> {
            List<Row> before = rows(now, "-n", "1000");
            Map<Long, Long> alive = place.runsAlive();
            List<Row> after = rows(now, "-n", "1000");
            assertThat(Checker.withoutProcess(before, alive, after)).isEmpty();
            assertThat(Checker.outlived(alive, after, place.runsAlive())).isEmpty();
        });
    }

    /** Starts no more runs and waits until all are over; then all records must fit. */
    Checker settle(RunningDaemon now) throws Exception {
        client.shutdown();
        assertThat(client.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        periods.keySet().forEach(recipe -> place.recipe(recipe, "enabled: false\n" + texts.get(recipe)));
        assertThat(now.api().send("POST", "/daemon/reload").status()).isEqualTo(200);
        for (String agent : AGENTS) {
            now.awaitIdle(agent);
        }
        eventually(() -> assertThat(RunningDaemon.texts(all(now, "-n", "1000"), "state"))
                .doesNotContain("queued", "waiting", "running", "stopping"));
        awaitTrueProcesses(now);
        var limits = new HashMap<String, Integer>();
        AGENTS.forEach(agent -> limits.put(agent, workers));
        return new Checker(acknowledged, witness.seen(), rows(now, "-n", "100000"), periods, limits);
    }

    private static List<JsonNode> all(RunningDaemon now, String... words) throws IOException {
        return RunningDaemon.list(
                now.ask("/history/list?args=" + String.join("&args=", words)).get("runs"));
    }

    private static List<Row> rows(RunningDaemon now, String... words) throws IOException {
        return all(now, words).stream().map(Row::of).toList();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
