package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start order compared with a naive one that considers every job: the same jobs start, in the same order. */
@Timeout(180)
class StartOrderTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final List<Recipe> RECIPES = List.of(
            recipe("plain"),
            recipe("low", "priority: -5"),
            recipe("crowd", "overlap: parallel"),
            recipe("high", "overlap: parallel", "priority: 5"),
            recipe("reader", "overlap: parallel", "lock: { name: db, mode: shared }"),
            recipe("writer", "lock: db"),
            recipe("other", "overlap: parallel", "priority: 1", "lock: net"),
            recipe("both", "overlap: parallel", "lock: [ { name: db, mode: shared }, net ]"),
            recipe("hasty", "deadline: 5m", "lock: net"),
            recipe("closing", "overlap: parallel", "until: 2026-11-26 14:00"),
            recipe("edited", "overlap: parallel", "lock: db"),
            recipe("edited", "priority: 2"));

    private static Recipe recipe(String name, String... lines) {
        return TestRecipes.failing(name, lines);
    }

    private static Job made(long id, Recipe recipe, AgentName agent, boolean forced, Instant now) {
        var cause = Cause.requested(TriggerKind.HOOK, "127.0.0.1");
        var order = new RunSpec(
                recipe.name(), recipe.origin().hash(), agent, recipe.policy().priority(), cause);
        var job = new Job(Run.accepted(id, order, now), recipe, Duration.ZERO);
        job.forced = forced;
        return job;
    }

    /** A world with an index and one without, which get the same events. */
    private static final class Worlds {
        final Random random;
        final Jobs queues = new Jobs(Integer.MAX_VALUE);
        final NaiveLine naive = new NaiveLine();
        final Set<Long> paused = new HashSet<>();
        Instant now = NOON;
        long lastId;

        Worlds(long seed) {
            random = new Random(seed);
            for (AgentName agent : List.of(AgentName.CRON, AgentName.SERVER, AgentName.SCHEDULER)) {
                int max = 1 + random.nextInt(3);
                queues.register(agent, max, 1000).closed = Optional.empty();
                naive.agents.add(new NaiveLine.Agent(agent, max));
            }
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> submit();
                case 4, 5, 6 ->
                    any(queues.all().stream().filter(this::works).toList()).ifPresent(this::end);
                case 7 ->
                    any(queues.all().stream().filter(this::works).toList()).ifPresent(this::pause);
                case 8 -> any(List.copyOf(paused)).ifPresent(this::comeBack);
                case 9 ->
                    any(queues.all().stream().filter(job -> !works(job)).toList())
                            .ifPresent(this::end);
                case 10 -> openOrClose();
                default -> pass(Duration.ofMinutes(random.nextInt(4)));
            }
        }

        private <T> Optional<T> any(List<T> all) {
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        private boolean works(Job job) {
            return queues.workers(job).stack.contains(job);
        }

        private void submit() {
            Recipe recipe = RECIPES.get(random.nextInt(RECIPES.size()));
            AgentName agent = naive.agents.get(random.nextInt(naive.agents.size())).name;
            boolean forced = random.nextInt(20) == 0;
            long id = ++lastId;
            Job job = queues.enter(made(id, recipe, agent, forced, now));
            Job other = made(id, recipe, agent, forced, now);
            if (job.expired(new Moment(now, now)).isPresent()) {
                queues.release(job);
                queues.forget(job);
                return;
            }
            queues.queue(job);
            naive.jobs.add(other);
            naive.agent(other).queue.add(other);
        }

        private void end(Job job) {
            paused.remove(job.id());
            queues.release(job);
            queues.forget(job);
            naive.release(naive.job(job.id()).orElseThrow());
        }

        private void pause(Job job) {
            queues.leaveStack(job);
            job.run = job.run.waiting(Outcome.of(RunState.FAILED, "it failed"), now);
            paused.add(job.id());
            Job other = naive.job(job.id()).orElseThrow();
            naive.agent(other).stack.remove(other);
        }

        private void comeBack(long id) {
            paused.remove(id);
            queues.queue(queues.job(id).orElseThrow());
            Job other = naive.job(id).orElseThrow();
            naive.agent(other).queue.add(other);
        }

        private void openOrClose() {
            NaiveLine.Agent agent = naive.agents.get(random.nextInt(naive.agents.size()));
            agent.open = !agent.open || random.nextInt(3) > 0;
            queues.workers(agent.name).closed = agent.open ? Optional.empty() : Optional.of("it is paused");
        }

        private void pass(Duration time) {
            now = now.plus(time);
            queues.deadlines().passed(now).forEach(this::end);
            queues.deadlines().closed(now).forEach(this::end);
        }

        List<Long> fill() {
            var started = new ArrayList<Long>();
            var late = new ArrayList<Job>();
            queues.startOrder()
                    .advance(new StartOrder.Advance(
                            job -> job.expired(new Moment(now, now)).isPresent(), late::add, queues::mayStart, job -> {
                                queues.occupy(job);
                                job.run = job.run.started(now);
                                started.add(job.id());
                            }));
            late.forEach(job -> {
                queues.release(job);
                queues.forget(job);
            });
            return started;
        }

        void compare(String when) {
            assertThat(fill())
                    .as(when)
                    .isEqualTo(naive
                            .fill(job -> job.expired(new Moment(now, now)).isPresent())
                            .stream()
                            .map(Job::id)
                            .toList());
            assertThat(queues.all().stream().map(Job::id).sorted())
                    .as(when)
                    .containsExactlyElementsOf(naive.oldestFirst().map(Job::id).toList());
            for (NaiveLine.Agent agent : naive.agents) {
                Workers workers = queues.workers(agent.name);
                assertThat(workers.queue.inLine().map(Job::id))
                        .as(when)
                        .containsExactlyElementsOf(
                                agent.queue.stream().map(Job::id).toList());
                assertThat(workers.queue.size()).as(when).isEqualTo(agent.queue.size());
            }
            for (Recipe recipe : RECIPES) {
                List<Lock> locks = recipe.policy().locks();
                assertThat(queues.startOrder().isContended(locks)).as(when).isEqualTo(naive.isContended(locks));
            }
        }

        /** Ends all jobs, and checks that no index has entries left. */
        void empty() {
            List.copyOf(queues.all()).forEach(this::end);
            for (Recipe recipe : RECIPES) {
                assertThat(queues.startOrder().isContended(recipe.policy().locks()))
                        .isFalse();
            }
            naive.agents.forEach(agent -> {
                Queue queue = queues.workers(agent.name).queue;
                assertThat(queue.wanted()).isEmpty();
                assertThat(queue.passedOver()).isEmpty();
            });
            assertThat(queues.deadlines().first()).isEmpty();
            assertThat(queues.recipes()).isEmpty();
        }
    }

    @Test
    void the_same_start_in_the_same_order_as_when_all_are_examined() {
        compareSequences(100);
    }

    @Test
    @Tag("proof")
    void the_same_start_in_the_same_order_as_when_all_are_examined_in_a_thousand_sequences() {
        compareSequences(Integer.getInteger("leprechaun.sequences", 1000));
    }

    private static void compareSequences(int sequences) {
        long first = Long.getLong("leprechaun.seed", new Random().nextLong());
        for (long seed = first; seed < first + sequences; seed++) {
            var worlds = new Worlds(seed);
            for (int step = 0; step < 60; step++) {
                worlds.step();
                worlds.compare("seed " + seed + ", step " + step);
            }
            worlds.empty();
        }
    }

    /** A state with one worker for cron and five for the server. */
    private static final class Hall {
        final Jobs queues = new Jobs(Integer.MAX_VALUE);
        final List<Job> cron;
        final List<Job> server;
        long lastId;

        Hall() {
            cron = employed(AgentName.CRON, 1);
            server = employed(AgentName.SERVER, 5);
        }

        private List<Job> employed(AgentName agent, int max) {
            Workers workers = queues.register(agent, max, 100_000);
            workers.closed = Optional.empty();
            return workers.stack;
        }

        Job queue(AgentName agent, String recipe) {
            Recipe wanted = RECIPES.stream()
                    .filter(one -> one.name().value().equals(recipe))
                    .findFirst()
                    .orElseThrow();
            Job job = queues.enter(made(++lastId, wanted, agent, false, NOON));
            queues.queue(job);
            return job;
        }

        /** Starts the jobs that may start, and returns the number of checks whether a job is late. */
        int fill() {
            var looks = new ArrayList<Job>();
            queues.startOrder()
                    .advance(new StartOrder.Advance(
                            job -> {
                                looks.add(job);
                                return false;
                            },
                            job -> {},
                            queues::mayStart,
                            queues::occupy));
            return looks.size();
        }

        void end(Job job) {
            queues.release(job);
            fill();
        }
    }

    @Test
    void who_was_passed_over_because_of_a_lock_keeps_its_place_although_its_agent_has_no_worker_free() {
        var hall = new Hall();
        Job reading = hall.queue(AgentName.SERVER, "reader");
        hall.fill();
        Job writing = hall.queue(AgentName.CRON, "writer");
        Job passing = hall.queue(AgentName.CRON, "crowd");
        hall.fill();
        assertThat(hall.cron).containsExactly(passing);

        Job late = hall.queue(AgentName.SERVER, "reader");
        hall.end(reading);
        assertThat(hall.server).as("it would overtake the writer").doesNotContain(late);
        hall.end(passing);
        assertThat(hall.cron).containsExactly(writing);
        hall.end(writing);
        assertThat(hall.server).containsExactly(late);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "both", "plain", "low", "hasty"})
    void how_many_wait_does_not_matter_for_how_many_are_looked_at(String kind) {
        var looks = IntStream.of(10, 10_000)
                .map(count -> {
                    var hall = new Hall();
                    hall.queue(AgentName.SERVER, kind.equals("hasty") ? "other" : "writer");
                    hall.queue(AgentName.SERVER, kind);
                    hall.fill();
                    IntStream.range(0, count).forEach(i -> hall.queue(AgentName.SERVER, kind));
                    hall.fill();
                    hall.queue(AgentName.SERVER, "high");
                    return hall.fill();
                })
                .toArray();
        assertThat(looks[1]).isEqualTo(looks[0]).isLessThan(5);
    }

    @Test
    void two_that_go_on_after_a_restart_do_not_wait_for_each_other() {
        var hall = new Hall();
        Job one = hall.queue(AgentName.SERVER, "plain");
        Job two = hall.queue(AgentName.SERVER, "plain");
        for (Job job : List.of(one, two)) { // one of them was forced before the restart
            hall.queues.occupy(job);
            hall.queues.leaveStack(job);
        }
        hall.queues.queue(two);
        hall.queues.queue(one);

        hall.fill();
        assertThat(hall.server).containsExactly(one);
        hall.end(one);
        assertThat(hall.server).containsExactly(two);
    }
}
