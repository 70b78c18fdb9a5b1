package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Witness.Event;
import io.leprechaun.daemon.e2e.Witness.Line;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Each due instant is run or explained, once: recipes are due each second while they, their agents and the daemon are
 * paused, stopped, reloaded and killed at random; then each second has to be in the ledger.
 * {@code -Dleprechaun.cycles=50} is the long form, {@code -Dleprechaun.seed=N} repeats one.
 */
@Tag("proof")
@Timeout(1200)
class LedgerIT {
    private static final int CYCLES = Integer.getInteger("leprechaun.cycles", 7);
    private static final long SEED = Long.getLong("leprechaun.seed", System.nanoTime());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final String CRON = "definition: cron\npattern: '* * * * * *'\n";
    /** The keys of each recipe. */
    private static final Map<String, String> RECIPES = Map.of(
            "skip", CRON + "overlap: skip\n",
            "queue", CRON + "overlap: queue\n",
            "parallel", CRON + "overlap: parallel\n",
            "all", CRON + "overlap: queue\ncatch_up: all\n",
            "latest", CRON + "overlap: queue\ncatch_up: latest\n",
            "locked", CRON + "overlap: queue\nlock: one\ndeadline: 3s\n",
            "slow", CRON + "overlap: skip\nlock: one\n",
            "interval", "definition: schedule\nschedule: { sec: 1 }\n");

    @RegisterExtension
    private final Installation place = new Installation();

    private final Random random = new Random(SEED);
    private Witness witness;
    private RunningDaemon daemon;
    private int edits;

    @BeforeEach
    void begin() {
        Tools.require("that everything due is run or explained is not checked", "bash");
        witness = new Witness(place.folder());
        place.settings("workers: { max: 6, queue: 100000 }");
        RECIPES.keySet().forEach(this::write);
        daemon = place.start();
    }

    private void write(String recipe) {
        place.recipe(
                recipe,
                witness.recipe(
                        "# edit " + edits++ + "\n" + RECIPES.get(recipe), recipe.equals("slow") ? "sleep 2.5" : ":"));
    }

    /** Lets time pass in which recipes are due. */
    private void pass(int leastMillis, int mostMillis) {
        Instant until = Instant.now().plusMillis(random.nextInt(leastMillis, mostMillis));
        eventually(() -> assertThat(Instant.now()).isAfter(until));
    }

    private void say(String... words) throws InterruptedException {
        var ended = place.client(words);
        assertThat(ended.code()).as("%s: %s", List.of(words), ended.err()).isZero();
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String cycle() throws Exception {
        String recipe = any(RECIPES.keySet().stream().sorted().toList());
        String agent = any(List.of("cron", "scheduler"));
        switch (random.nextInt(7)) {
            case 0 -> {
                say("pause", recipe, "--reason", "a cycle");
                pass(200, 2500);
                say("resume", recipe);
                return "pause " + recipe;
            }
            case 1 -> {
                say("pause", agent);
                pass(200, 2500);
                say("resume", agent);
                return "pause " + agent;
            }
            case 2 -> {
                say("pause", "all", "--until", "1s");
                pass(200, 2500);
                say("resume", "all");
                return "pause all";
            }
            case 3 -> {
                say(agent, "stop");
                pass(200, 2500);
                say(agent, "start");
                return "stop " + agent;
            }
            case 4 -> {
                write(recipe);
                say("daemon", "reload");
                return "edit " + recipe;
            }
            case 5 -> {
                assertThat(daemon.stop()).isZero();
                pass(1, 2500);
                daemon = place.start();
                return "restart";
            }
            default -> {
                daemon.killHard();
                pass(1, 2500);
                daemon = place.start();
                return "kill";
            }
        }
    }

    /** An entry of the ledger. */
    private record Entry(long run, String state, Instant first, Instant last, int count) {
        static Entry of(JsonNode run) {
            Instant first = instant(run, "due_at");
            return new Entry(
                    run.get("id").asLong(),
                    run.get("state").asString(),
                    first,
                    run.get("due_until").isNull() ? first : instant(run, "due_until"),
                    run.get("count").asInt());
        }

        private static Instant instant(JsonNode run, String key) {
            return OffsetDateTime.parse(run.get(key).asString()).toInstant();
        }
    }

    private Stream<Entry> entries(String recipe) throws InterruptedException {
        return list(place.json("runs", recipe, "-n", "100000").get("runs")).stream()
                .map(Entry::of)
                .sorted(Comparator.comparing(Entry::first));
    }

    @Test
    void everything_due_is_run_or_explained_and_nothing_twice() throws Exception {
        for (int i = 0; i < CYCLES; i++) {
            pass(300, 1500);
            System.err.println("LedgerIT: cycle " + i + " of seed " + SEED + ": " + cycle());
        }
        pass(1000, 2000);
        assertThat(daemon.stop()).isZero();

        int instants = 0;
        int entries = 0;
        for (String recipe : RECIPES.keySet()) {
            var ledger = entries(recipe).toList();
            for (int i = 0; i < ledger.size(); i++) {
                Entry entry = ledger.get(i);
                assertThat(Duration.between(entry.first(), entry.last()))
                        .as("%s of %s stands for all from first to last; seed %d", entry, recipe, SEED)
                        .isEqualTo(PERIOD.multipliedBy(entry.count() - 1L));
                if (i > 0) {
                    assertThat(entry.first())
                            .as("%s of %s follows on %s; seed %d", entry, recipe, ledger.get(i - 1), SEED)
                            .isEqualTo(ledger.get(i - 1).last().plus(PERIOD));
                }
                instants += entry.count();
            }
            entries += ledger.size();
            assertThat(ledger).as(recipe).anyMatch(entry -> entry.state().equals("succeeded"));
            assertThat(begun(recipe)).as("%s, begun; seed %d", recipe, SEED).doesNotHaveDuplicates();
        }
        assertThat(place.stepsAlive()).isEmpty();
        place.assertVerified();
        System.err.printf(
                "LedgerIT: %d cycles of seed %d: %d instants, each in one of %d entries%n",
                CYCLES, SEED, instants, entries);
    }

    private List<Instant> begun(String recipe) {
        return witness.seen().stream()
                .filter(line -> line.event() == Event.BEGIN && line.recipe().equals(recipe))
                .map(Line::due)
                .map(due -> due.orElseThrow())
                .toList();
    }
}
