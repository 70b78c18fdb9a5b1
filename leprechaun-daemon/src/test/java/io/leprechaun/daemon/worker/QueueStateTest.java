package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.execution.Stop;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random events in the state, with a store that commits late and may fail: no thread and no process is started. */
@Timeout(600)
class QueueStateTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final Path FOLDER = Path.of("/etc/leprechaun/recipes");
    private static final List<AgentName> AGENTS = List.of(AgentName.CRON, AgentName.SERVER, AgentName.SCHEDULER);
    private static final List<Recipe> RECIPES = List.of(
            recipe("plain"),
            recipe("skipping", "overlap: skip"),
            recipe("replacing", "overlap: replace"),
            recipe("crowd", "overlap: parallel"),
            recipe("high", "overlap: parallel", "priority: 5"),
            recipe("reader", "overlap: parallel", "lock: { name: db, mode: shared }"),
            recipe("writer", "lock: db"),
            recipe("both", "overlap: parallel", "lock: [ { name: db, mode: shared }, net ]"),
            recipe("hasty", "overlap: queue", "deadline: 5m", "lock: net"),
            recipe("tough", "overlap: queue", "retry: { times: 2, delay: 1m }"),
            recipe("hardy", "overlap: parallel", "retry: { times: 1 }", "lock: db"),
            recipe(
                    "newest",
                    "overlap: queue",
                    "definition: hook",
                    "id: newest-7f3a9c2e",
                    "hook: { params: { b: { query: b } }, coalesce: b }"),
            recipe("evening", "overlap: queue", "until: 2026-11-26 18:00"));

    private static Recipe recipe(String name, String... lines) {
        return TestRecipes.failing(name, lines);
    }

    /** A state whose effects are carried out by hand. */
    private static final class World {
        final Random random;
        final Map<AgentName, Integer> slots = new LinkedHashMap<>();
        final Deque<Effect> disk = new ArrayDeque<>();
        /** The jobs whose attempt is under way. */
        final Set<Job> working = new HashSet<>();
        /** The accepted runs that are not over. */
        final Set<Long> open = new HashSet<>();

        final Set<Recipe> gone = new HashSet<>();
        final Set<String> launched = new HashSet<>();
        /** The runs that were launched by a claim and whose start is not on disk yet. */
        final Set<Long> unrecorded = new HashSet<>();

        Set<Long> claims = Set.of();
        int claimed;
        final QueueState state;
        Instant now = NOON;
        Duration set = Duration.ZERO;
        long lastId;
        int over;

        World(long seed) {
            random = new Random(seed);
            state = new QueueState(60, Duration.ofSeconds(30), () -> ++lastId);
            for (AgentName agent : AGENTS) {
                slots.put(agent, 1 + random.nextInt(3));
                state.register(agent, slots.get(agent), random.nextInt(20));
                carryOut(state.open(agent, at()));
            }
        }

        Moment at() {
            return new Moment(now.plus(set), now);
        }

        <T> T any(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        void step() {
            int what = random.nextInt(100);
            if (what < 35) {
                submit();
            } else if (what < 60) {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    commit(random.nextInt(20) == 0);
                }
            } else if (what < 80 && !working.isEmpty()) {
                end(any(List.copyOf(working)), any(List.of(RunState.SUCCEEDED, RunState.FAILED, RunState.TIMED_OUT)));
            } else if (what < 85 && lastId > 0) {
                carryOut(state.stop(
                        lastId - random.nextInt((int) Math.min(lastId, 50)), new Stop(RunState.KILLED, "x"), at()));
            } else if (what < 87) {
                carryOut(state.close(any(AGENTS), "it is paused", at()));
            } else if (what < 90) {
                carryOut(state.open(any(AGENTS), at()));
            } else if (what < 91) {
                change(any(RECIPES));
            } else if (what < 92) {
                carryOut(state.removed(at()));
            } else if (what < 93) {
                Duration by = Duration.ofMinutes(random.nextInt(20) - 10);
                set = set.plus(by);
                carryOut(state.clockSet(by));
            } else {
                now = random.nextInt(4) == 0
                        ? now.plusSeconds(random.nextInt(120))
                        : now.plusMillis(random.nextInt(200));
                carryOut(state.tick(at()));
            }
            check();
        }

        private void submit() {
            Recipe recipe =
                    any(RECIPES.stream().filter(one -> !gone.contains(one)).toList());
            var input = new Input(
                    recipe.name().value().equals("newest") ? Map.of("B", "branch" + random.nextInt(2)) : Map.of(),
                    Optional.empty());
            var request = new RunRequest(
                    recipe,
                    any(AGENTS),
                    Cause.requested(TriggerKind.HOOK, "127.0.0.1"),
                    input,
                    random.nextInt(20) == 0);
            carryOut(state.due(request, random.nextInt(30) == 0 ? Optional.of("paused") : Optional.empty(), at()));
        }

        /** Removes a recipe from the book, or puts it back. */
        private void change(Recipe recipe) {
            if (!gone.remove(recipe)) {
                gone.add(recipe);
            }
            var entries = RECIPES.stream()
                    .filter(one -> !gone.contains(one))
                    .map(one -> new RecipeBook.BookEntry(
                            one.name().value(), one.origin().file(), Optional.of(one), List.of()))
                    .toList();
            carryOut(state.update(new RecipeBook(FOLDER, entries, Optional.empty()), at()));
        }

        void end(Job job, RunState how) {
            working.remove(job);
            carryOut(state.ended(job, Outcome.of(how, "it ended"), at()));
        }

        /** Commits the oldest change, unless it is an acceptance that is to fail. */
        boolean commit(boolean fail) {
            Effect next = disk.poll();
            if (next == null) {
                return false;
            }
            if (fail && (next instanceof Effect.Start || next instanceof Effect.Retry || next instanceof Effect.End)) {
                state.dropClaims(); // nothing starts by a claim until it is repeated
                disk.addFirst(next);
                return true;
            }
            switch (next) {
                case Effect.Accept accept -> {
                    if (fail) {
                        carryOut(state.abandoned(accept.job(), at()));
                    } else {
                        assertThat(open.add(accept.job().id())).isTrue();
                        carryOut(state.accepted(accept, at()));
                    }
                }
                case Effect.Start start -> follow(start.next());
                case Effect.Retry retry -> {
                    follow(retry.next());
                    carryOut(state.waits(retry.job(), at()));
                }
                case Effect.Claims claim -> {
                    if (fail) {
                        state.unclaimed(claim.jobs());
                    } else {
                        claims = claim.runs();
                        state.claimed(claim.jobs());
                        checkClaims();
                    }
                }
                case Effect.End end -> {
                    over++;
                    boolean wasAccepted = open.remove(end.job().id());
                    assertThat(wasAccepted || end.job().left)
                            .as("a run ends once: %s", end.ended().sentence())
                            .isTrue();
                    carryOut(state.kept(end.job(), at()));
                    follow(end.next());
                }
                default -> throw new AssertionError(next);
            }
            return true;
        }

        private void follow(Effect.Next next) {
            next.claimed().forEach(job -> unrecorded.remove(job.id()));
            state.recorded(next.claimed());
            next.waiting().forEach(this::launch);
        }

        private void launch(Job job) {
            if (state.jobs().job(job.id()).isEmpty()) {
                return; // it got a slot before its acceptance failed
            }
            assertThat(open).as("launched before its acceptance was stored").contains(job.id());
            assertThat(launched.add(job.id() + "-" + job.run.attempt()))
                    .as("an attempt is launched once")
                    .isTrue();
            working.add(job);
        }

        private void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                switch (effect) {
                    case Effect.Launch launch -> launch(launch.job());
                    case Effect.LaunchClaimed launch -> {
                        claimed++;
                        checkOrder(launch.job());
                        unrecorded.add(launch.job().id());
                        checkClaims();
                        launch(launch.job());
                    }
                    case Effect.Claims claims -> disk.add(claims);
                    case Effect.Stopping stop -> {
                        if (working.remove(stop.job())) { // it obeys at once, or before it is launched
                            carryOut(state.ended(
                                    stop.job(),
                                    Outcome.of(stop.why().state(), stop.why().reason()),
                                    at()));
                        }
                    }
                    case Effect.Accept accept -> disk.add(accept);
                    case Effect.Start start -> {
                        start.next().waiting().forEach(this::checkOrder);
                        disk.add(start);
                    }
                    case Effect.Retry retry -> {
                        retry.next().waiting().forEach(this::checkOrder);
                        disk.add(retry);
                    }
                    case Effect.End end -> {
                        end.next().waiting().forEach(this::checkOrder);
                        disk.add(end);
                    }
                    case Effect.Refuse refuse ->
                        assertThat(refuse.record().state().isFinal()).isTrue();
                    case Effect.Change change ->
                        assertThat(change.run().state().isFinal()).isFalse();
                    case Effect.Wake wake -> {}
                    case Effect.Warn warn -> {}
                }
            }
        }

        /** Checks that a crash would find each run that has started without a record of that. */
        private void checkClaims() {
            assertThat(claims).containsAll(unrecorded);
        }

        /** Checks that no job which could start waits before one that starts. */
        private void checkOrder(Job started) {
            Workers workers = state.jobs().workers(started);
            assertThat(workers.queue
                            .inLine()
                            .filter(waiting -> Job.IN_LINE.compare(waiting, started) < 0)
                            .filter(waiting ->
                                    waiting.locks().isEmpty() && state.jobs().mayStart(waiting))
                            .map(waiting -> waiting.run.line()))
                    .as("waiting before %s", started.run.line())
                    .isEmpty();
        }

        private void check() {
            Jobs jobs = state.jobs();
            var held = new ArrayList<Lock>();
            var atWork = new HashSet<RecipeName>();
            for (AgentName agent : AGENTS) {
                Workers workers = jobs.workers(agent);
                assertThat(workers.stack).hasSizeLessThanOrEqualTo(slots.get(agent));
                if (workers.isOpen() && workers.slots() > 0) {
                    assertThat(workers.queue
                                    .inLine()
                                    .filter(job -> job.locks().isEmpty() && jobs.mayStart(job))
                                    .map(job -> job.run.line()))
                            .as("waiting although a worker of %s is free", agent)
                            .isEmpty();
                }
                assertThat(workers.queue.inLine().filter(job -> job.claim != Job.Claim.NONE))
                        .as("claimed runs that wait")
                        .hasSizeLessThanOrEqualTo(2 * slots.get(agent));
                for (Job job : workers.stack) {
                    assertThat(job.locks()).noneMatch(lock -> held.stream().anyMatch(lock::excludes));
                    held.addAll(job.locks());
                    if (!job.isParallel()) {
                        assertThat(atWork.add(job.recipe.name()))
                                .as("two of %s at work", job.recipe.name())
                                .isTrue();
                    }
                }
            }
            assertThat(jobs.all()).hasSizeLessThanOrEqualTo(60 + disk.size()); // newer runs take the places of older
        }

        /** Lets all that waits come to its end. */
        void drain() {
            gone.clear();
            change(RECIPES.getFirst());
            change(RECIPES.getFirst());
            AGENTS.forEach(agent -> carryOut(state.open(agent, at())));
            for (int i = 0; !state.jobs().all().isEmpty() || !disk.isEmpty(); i++) {
                assertThat(i).as("rounds until all is over").isLessThan(1000);
                while (commit(false)) {}
                List.copyOf(working).forEach(job -> end(job, RunState.SUCCEEDED));
                now = now.plusSeconds(61);
                carryOut(state.tick(at()));
                check();
            }
            assertThat(open).as("accepted runs without an end").isEmpty();
            assertThat(working).isEmpty();
            assertThat(state.jobs().recipes()).isEmpty();
            assertThat(state.jobs().deadlines().first()).isEmpty();
            assertThat(state.jobs().locks()).isEmpty();
        }
    }

    private static void play(int sequences, int steps) {
        long first = Long.getLong("leprechaun.seed", new Random().nextLong());
        int over = 0;
        int claimed = 0;
        for (long seed = first; seed < first + sequences; seed++) {
            var world = new World(seed);
            try {
                for (int i = 0; i < steps; i++) {
                    world.step();
                }
                world.drain();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dleprechaun.seed=" + seed, e);
            }
            over += world.over;
            claimed += world.claimed;
        }
        assertThat(claimed).as("runs that started by a claim").isGreaterThan(sequences);
        assertThat(over).isGreaterThan(sequences * steps / 50);
    }

    @Test
    void random_events_keep_slots_locks_order_and_overlap_and_every_accepted_run_ends_once() {
        play(20, 1000);
    }

    @Test
    @Tag("proof")
    void a_million_random_events() {
        play(1000, 1000);
    }

    @Test
    void late_runs_are_ended_in_batches_each_once_the_one_before_is_stored() {
        var world = new World(1);
        var state = new QueueState(1000, Duration.ofSeconds(30), () -> ++world.lastId);
        state.register(AgentName.CRON, 1, 1000);
        var unused = state.open(AgentName.CRON, world.at());
        Recipe hasty = RECIPES.stream()
                .filter(one -> one.name().value().equals("hasty"))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < 251; i++) {
            state
                    .due(
                            new RunRequest(
                                    hasty, AgentName.CRON, Cause.requested(TriggerKind.HOOK, "127.0.0.1"), Input.NONE),
                            Optional.empty(),
                            world.at())
                    .stream()
                    .filter(Effect.Accept.class::isInstance)
                    .forEach(effect -> state.accepted((Effect.Accept) effect, world.at()));
        }
        world.now = NOON.plus(Duration.ofMinutes(6));
        List<Effect> effects = state.tick(world.at());
        var batches = new ArrayList<Integer>();
        while (effects.stream().anyMatch(Effect.End.class::isInstance)) {
            var ends = effects.stream()
                    .filter(Effect.End.class::isInstance)
                    .map(Effect.End.class::cast)
                    .toList();
            batches.add(ends.size());
            assertThat(ends).allSatisfy(end -> {
                Run ended = end.ended();
                assertThat(ended.state()).isEqualTo(RunState.SKIPPED);
            });
            effects = new ArrayList<>();
            for (Effect.End end : ends) {
                effects.addAll(state.kept(end.job(), world.at()));
            }
        }
        assertThat(batches).as("one works").containsExactly(100, 100, 50);
    }
}
