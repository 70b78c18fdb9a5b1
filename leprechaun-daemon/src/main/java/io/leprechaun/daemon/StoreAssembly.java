package io.leprechaun.daemon;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.Daemon.StartOptions;
import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.execution.StartMarks;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.posix.Boot;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.recipe.folder.RecipeWatcher;
import io.leprechaun.daemon.recipe.folder.UserRecipes;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.settings.RetentionLimits;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.startup.StateFolder;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.units.Durations;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first assembly: the state, the store and the recipes of a daemon. Opened and closed by the {@link Daemon}.
 *
 * @param users the recipes of ordinary users, if the settings let them have some
 * @param boot an identifier of this boot of the machine, different from all others
 */
record StoreAssembly(
        StartOptions launch,
        StateFolder state,
        OutputFolder outputs,
        StartMarks starts,
        SqliteStore store,
        RecipeWatcher recipes,
        Optional<UserRecipes> users,
        Tokens tokens,
        Sessions sessions,
        ChangeLog changes,
        ClockGuard guard,
        String boot) {
    private static final Logger LOG = LoggerFactory.getLogger(StoreAssembly.class);

    /** Opens the state folder and the store in it, and records that a daemon lives. The recipes are not read yet. */
    static StoreAssembly open(StartOptions launch, Parts parts) throws StartException, IOException {
        var settings = launch.settings();
        var clock = launch.clock();
        var state = parts.own(StateFolder.open(launch.state()));
        var users = Optional.of(new UserRecipes(state.users(), settings.users(), launch.recipes()))
                .filter(_ -> settings.users().isOn());
        var recipes = parts.own(
                RecipeWatcher.open(new RecipeFolder(launch.folder(), launch.recipes(), Trust::strict, clock, users)));
        var outputs = new OutputFolder(state.output());
        var store = parts.own(SqliteStore.open(state.store(), state.files()));
        state.files().watch(store::save);
        var starts = parts.own(StartMarks.open(state.starts()));
        state.files().pin(state.starts());
        store.skipIds(Math.max(outputs.newest(), starts.newest()));
        String boot = Boot.id();
        var guard = new ClockGuard(clock, boot, state.lastClock(), Boot::isClockSynchronised);
        parts.own(() -> state.touch(guard.known()));
        state.touch(guard.known()); // so that the next daemon knows the length of the downtime
        var tokens = Tokens.open(state.tokens(), clock);
        var sessions = Sessions.open(state.sessions(), clock);
        var changes = new ChangeLog(state.changes(), clock);
        var storage = new StoreAssembly(
                launch, state, outputs, starts, store, recipes, users, tokens, sessions, changes, guard, boot);
        storage.startClock();
        return storage;
    }

    /** Records the change of the clock before this start, and shifts the intervals, which go by elapsed time. */
    private void startClock() {
        Duration set = guard.setBeforeStart();
        if (guard.doubt().isPresent()) {
            Instant latest = guard.believed().plus(StateFolder.TOUCHED); // it may have lived on for as long
            launch.settings().agents().keySet().stream()
                    .map(TriggerKind::dueBy)
                    .flatMap(trigger -> store.ledger().lastDue(trigger).values().stream())
                    .filter(latest::isAfter)
                    .max(Instant::compareTo)
                    .ifPresent(guard::believedAt);
        }
        var unused = store.clock().add(ClockLog.ClockEvent.START, launch.clock().instant(), set);
        if (!set.isZero()) {
            LOG.warn(
                    "the clock was set {} by {} while no daemon was running",
                    set.isNegative() ? "back" : "forward",
                    Durations.format(set.abs()));
            store.ledger().shift(set).join();
        }
    }

    /** Returns a recipe that is in force, by its name. */
    Optional<Recipe> recipe(String name) {
        return recipes.book().entry(name).flatMap(RecipeBook.BookEntry::recipe);
    }

    /** Returns the rules for notices of a recipe, which may be gone. */
    NotifyRules rules(RecipeName name) {
        return recipe(name.value())
                .map(recipe -> recipe.bounds().telling())
                .orElse(launch.settings().notices().telling());
    }

    /**
     * Returns the retention limits of a recipe, which may be gone. Everything is kept while it is broken or its folder
     * is missing: its own limits may be larger than those of the settings.
     */
    RetentionLimits limits(RecipeName name) {
        RecipeBook book = recipes.book();
        return book.recipe(name)
                .map(recipe -> recipe.bounds().history().keep())
                .or(() -> book.mayHold(name) ? Optional.of(RetentionLimits.EVERYTHING) : Optional.empty())
                .orElse(launch.settings().history().keep());
    }

    /** @throws ProblemException when the recipes cannot be read */
    RecipeBook rescan(boolean confirm) {
        try {
            return recipes.rescanNow(confirm);
        } catch (RecipeWatcher.NotReadException e) {
            String why = String.valueOf(e.getMessage());
            throw new ProblemException(
                    e.isLate()
                            ? new Problem(504, "Not reloaded", why, ExitCode.TIMED_OUT)
                            : new Problem(500, "Not reloaded", why, ExitCode.DEFECT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return recipes.book();
        }
    }
}
