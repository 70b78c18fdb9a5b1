package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.output.Followers;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputPump;
import io.leprechaun.daemon.process.MarkFilter;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.process.TerminationReport;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The factory of the executions of runs, which holds the services that they use. Thread-safe. */
public final class Executions {
    private final Processes processes;
    private final OutputFolder outputs;
    private final StartMarks starts;
    private final StateFiles files;
    private final OutputPump pump;
    private final Followers followers = new Followers();
    private final Accounts accounts;
    private final String store;
    private final String boot;
    private final HostClock clock;
    private final Alarms alarms;
    private final Map<String, String> environment;
    private volatile BiConsumer<Run, StepResult> steps = (run, step) -> {};

    /**
     * Creates a factory with the services that its executions use.
     *
     * @param store the identity of the store, which identifies this daemon's processes
     * @param boot an identifier of this boot of the machine
     * @param environment the daemon's own environment, which may hold secrets
     */
    public Executions(
            Processes processes,
            OutputFolder outputs,
            StartMarks starts,
            StateFiles files,
            OutputPump pump,
            Accounts accounts,
            String store,
            String boot,
            HostClock clock,
            Alarms alarms,
            Map<String, String> environment) {
        this.processes = processes;
        this.outputs = outputs;
        this.starts = starts;
        this.files = files;
        this.pump = pump;
        this.accounts = accounts;
        this.store = store;
        this.boot = boot;
        this.clock = clock;
        this.alarms = alarms;
        this.environment = Map.copyOf(environment);
    }

    /** Returns the execution of an attempt of a run, which has not begun. */
    public Execution of(Run run, Recipe recipe, Supplier<Input> given) {
        return new Execution(this, run, recipe, given);
    }

    /**
     * Returns the context that a step would get.
     *
     * @param agent the agent that the run would belong to
     * @throws RefusedException when no step would run
     */
    public Preview preview(Recipe recipe, Step step, AgentName agent) throws RefusedException {
        return Preview.of(this, recipe, step, agent);
    }

    /** Ends the processes of some runs that an earlier daemon left behind. After the grace they are killed. */
    public TerminationReport endLeft(Set<Long> runs, Duration grace) {
        return processes.end(new MarkFilter(store, runs, OptionalInt.empty()), grace);
    }

    /** Returns the mask that hides a recipe's secrets as they are now. */
    public Mask mask(Recipe recipe) {
        return Mask.of(recipe, environment);
    }

    /** Returns the folder of the output of runs. */
    public OutputFolder outputs() {
        return outputs;
    }

    /** Returns the threads that follow runs, which must hear of each change of a run. */
    public Followers followers() {
        return followers;
    }

    /**
     * Sets the listener for each step that begins or ends. It is called in the thread of the run and must not block.
     */
    public void onStep(BiConsumer<Run, StepResult> listener) {
        steps = listener;
    }

    void stepChanged(Run run, StepResult step) {
        steps.accept(run, step);
    }

    /** Returns an identifier of this boot of the machine. */
    public String boot() {
        return boot;
    }

    /**
     * Returns whether an earlier daemon began a run, as far as that is known without the store. Only known while the
     * machine has not restarted since.
     */
    public boolean hasBegun(long run) {
        return starts.isMarked(run);
    }

    /** Returns the clock for the times of runs. */
    public HostClock clock() {
        return clock;
    }

    /** Returns the alarms for time limits. */
    public Alarms alarms() {
        return alarms;
    }

    Processes processes() {
        return processes;
    }

    StartMarks starts() {
        return starts;
    }

    StateFiles files() {
        return files;
    }

    OutputPump pump() {
        return pump;
    }

    Accounts accounts() {
        return accounts;
    }

    String store() {
        return store;
    }

    Map<String, String> environment() {
        return environment;
    }
}
