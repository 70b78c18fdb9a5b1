package io.leprechaun.daemon.metrics;

import static io.leprechaun.daemon.metrics.Exposition.Type.COUNTER;
import static io.leprechaun.daemon.metrics.Exposition.Type.GAUGE;
import static io.leprechaun.daemon.metrics.Exposition.Type.HISTOGRAM;

import io.leprechaun.daemon.count.Histogram;
import io.leprechaun.daemon.count.LabelledCounts;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.folder.RecipeBook.BookEntry;
import io.leprechaun.daemon.settings.AgentName;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The metrics of a daemon. Thread-safe. */
public final class Metrics {
    /** The media type of the format. */
    public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Sources sources;
    private final int most;
    private final Instant begun;
    private final RecipeMetrics recipes;

    /**
     * Creates metrics, which from now on listen for the ends of runs.
     *
     * @param most the largest number of recipes with series of their own
     */
    public Metrics(Sources sources, int most) {
        this.sources = sources;
        this.most = most;
        this.begun = ProcessHandle.current()
                .info()
                .startInstant()
                .orElseGet(() -> sources.clock().instant());
        this.recipes = new RecipeMetrics(sources);
    }

    /** Writes all metrics as they are now. */
    public void write(OutputStream to) throws IOException {
        write(to, true);
    }

    /** Writes the metrics without those of the process, which node_exporter has under the same names. */
    void writeForCollector(OutputStream to) throws IOException {
        write(to, false);
    }

    private synchronized void write(OutputStream to, boolean withProcess) throws IOException {
        var out = new Exposition(to);
        Instant now = sources.clock().instant();
        RecipeBook book = sources.books().get();
        var names = new TreeSet<String>();
        book.entries().stream().map(BookEntry::name).forEach(names::add);
        var counts = sources.dispatcher().counts();
        counts.runs().forEach((labels, _) -> names.add(labels.getFirst()));
        Set<String> shown = names.stream().limit(most).collect(Collectors.toCollection(LinkedHashSet::new));
        daemon(out);
        out.metric("leprechaun_series_dropped", GAUGE, "Recipes without series of their own, see metrics: recipes.")
                .sample(names.size() - shown.size());
        agents(out, now);
        recipes.write(out, book, shown, now);
        out.metric("leprechaun_runs_total", COUNTER, "Runs that are over, and due instants that started none.");
        write(out, counts.runs(), shown, "recipe", "trigger", "state");
        out.metric(
                "leprechaun_hook_requests_total", COUNTER, "Answers to hooks; without a recipe for an unknown hook.");
        write(out, sources.traffic().hooks(), shown, "recipe", "code");
        notices(out);
        if (withProcess) {
            ProcessMetrics.write(out, sources.host().memory().getAsLong());
        }
        out.flush();
    }

    private void daemon(Exposition out) throws IOException {
        var host = sources.host();
        out.metric("leprechaun_info", GAUGE, "The version of the daemon.")
                .sample(1, Exposition.labels("version", host.version()));
        out.metric("leprechaun_healthy", GAUGE, "1 if all checks of the daemon pass.")
                .sample(host.healthy().getAsBoolean() ? 1 : 0);
        out.metric("leprechaun_start_time_seconds", GAUGE, "Start of the daemon.")
                .sample(Exposition.seconds(begun));
        var size = sources.archive().size();
        out.metric(
                        "leprechaun_store_bytes",
                        GAUGE,
                        "Size of the store: its file, its log, the unused part of the file.")
                .sample(size.file(), Exposition.labels("part", "file"))
                .sample(size.log(), Exposition.labels("part", "log"))
                .sample(size.free(), Exposition.labels("part", "free"));
        out.metric("leprechaun_disk_free_bytes", GAUGE, "Free space of the disk with the state folder.")
                .sample(host.free().getAsLong());
        out.metric("leprechaun_commit_seconds", HISTOGRAM, "Time of a commit of the store, with its flush.")
                .histogram(sources.commits());
        out.metric("leprechaun_clock_jumps_total", COUNTER, "Times that the clock of the host was set.")
                .sample(host.jumps().getAsLong());
        out.metric("leprechaun_streams", GAUGE, "Answers that are being streamed.")
                .sample(sources.traffic().streams());
        out.metric("leprechaun_http_requests_total", COUNTER, "Answered requests by listener and status.");
        write(out, sources.traffic().requests(), Set.of(), "listener", "code");
    }

    private void agents(Exposition out, Instant now) throws IOException {
        var dispatcher = sources.dispatcher();
        var labels = new TreeMap<String, AgentName>();
        sources.names().forEach(agent -> labels.put(Exposition.labels("agent", agent.value()), agent));
        perAgent(
                out,
                "leprechaun_runs_running",
                "Runs at work.",
                labels,
                agent -> dispatcher.occupied(agent).max());
        perAgent(
                out,
                "leprechaun_workers_max",
                "Limit of runs at work.",
                labels,
                agent -> dispatcher.bounds(agent).max());
        perAgent(
                out,
                "leprechaun_queue_length",
                "Waiting runs.",
                labels,
                agent -> dispatcher.occupied(agent).queue());
        perAgent(
                out,
                "leprechaun_queue_max",
                "Limit of waiting runs.",
                labels,
                agent -> dispatcher.bounds(agent).queue());
        perAgent(
                out,
                "leprechaun_queue_oldest_seconds",
                "Time since the oldest waiting run was accepted; 0 without one.",
                labels,
                agent -> dispatcher
                        .oldestQueued(agent)
                        .map(at -> Math.max(0, Duration.between(at, now).toMillis()) / 1e3)
                        .orElse(0.0));
        var counts = dispatcher.counts();
        histograms(
                out,
                "leprechaun_start_delay_seconds",
                "Time from the due instant, or from the request, to the start.",
                counts.delays());
        histograms(out, "leprechaun_run_duration_seconds", "Duration of the runs that started.", counts.durations());
    }

    /** The value of an agent. */
    @FunctionalInterface
    private interface OfAgent {
        double value(AgentName agent);
    }

    private static void perAgent(Exposition out, String name, String help, Map<String, AgentName> agents, OfAgent value)
            throws IOException {
        out.metric(name, GAUGE, help);
        for (var agent : agents.entrySet()) {
            out.sample(value.value(agent.getValue()), agent.getKey());
        }
    }

    private static void histograms(Exposition out, String name, String help, Map<AgentName, Histogram> all)
            throws IOException {
        out.metric(name, HISTOGRAM, help);
        for (var one : all.entrySet()) {
            out.histogram(one.getValue(), "agent", one.getKey().value());
        }
    }

    /**
     * Writes counters by labels, sorted.
     *
     * @param shown the recipes with series of their own, if the first label is a recipe
     */
    private static void write(Exposition out, LabelledCounts counts, Set<String> shown, String... names)
            throws IOException {
        boolean isOfRecipes = names[0].equals("recipe");
        var sorted = new TreeMap<String, Long>();
        counts.forEach((values, count) -> {
            if (isOfRecipes && !values.getFirst().isEmpty() && !shown.contains(values.getFirst())) {
                return;
            }
            var pairs = new String[names.length * 2];
            for (int i = 0; i < names.length; i++) {
                pairs[2 * i] = names[i];
                pairs[2 * i + 1] = values.get(i);
            }
            sorted.put(Exposition.labels(pairs), count);
        });
        for (var count : sorted.entrySet()) {
            out.sample(count.getValue(), count.getKey());
        }
    }

    private void notices(Exposition out) throws IOException {
        var waiting = new TreeMap<String, Long>();
        Map<String, Long> givenUp = sources.givenUp().get();
        givenUp.keySet().forEach(target -> waiting.put(target, 0L));
        waiting.putAll(new HashMap<>(sources.store().outbox().waiting()));
        out.metric("leprechaun_notices_waiting", GAUGE, "Notices that are not sent yet.");
        for (var target : waiting.entrySet()) {
            out.sample(target.getValue(), Exposition.labels("target", target.getKey()));
        }
        out.metric("leprechaun_notices_given_up_total", COUNTER, "Notices that were given up.");
        for (var target : new TreeMap<>(givenUp).entrySet()) {
            out.sample(target.getValue(), Exposition.labels("target", target.getKey()));
        }
    }
}
