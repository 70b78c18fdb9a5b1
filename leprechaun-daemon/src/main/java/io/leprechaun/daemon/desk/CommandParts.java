package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.desk.output.RunOutput;
import io.leprechaun.daemon.event.Events;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.reader.Resolved;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.session.ConsolePort;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts of a running daemon from which its commands are made: each command takes those that its constructor names.
 *
 * @param recipes a supplier of the current recipes
 * @param resolve a function from a recipe to its values in force, with the places where they are written
 */
public record CommandParts(
        RunStore store,
        Archive archive,
        Supplier<RecipeBook> recipes,
        Dispatcher dispatcher,
        Executions executions,
        RunDocument documents,
        Agents agents,
        AgentServices services,
        NoticeTargets targets,
        Tokens tokens,
        ConsoleParts console,
        ChangeLog changes,
        Events events,
        Function<Recipe, List<Resolved>> resolve) {
    /** The parts of the commands about the console: its port, the ways to log in, and the sessions. */
    public record ConsoleParts(ConsolePort port, OneTimeLinks links, Sessions sessions) {}

    /** Returns the parts of the commands that cover every recipe. */
    public List<Object> all() {
        return of(recipes, Scope.ALL, services);
    }

    /** Returns the parts of the commands of one user, without the recipes and runs of others. */
    public List<Object> of(User user) {
        return of(() -> recipes.get().of(user), Scope.of(user), AgentServices.NONE);
    }

    /** Returns the recipes of one user. */
    public RecipeLookup recipesOf(User user) {
        return new RecipeLookup(() -> recipes.get().of(user), store, Scope.of(user));
    }

    private List<Object> of(Supplier<RecipeBook> book, Scope scope, AgentServices switches) {
        var clock = executions.clock();
        var outputs = executions.outputs();
        var lookup = new RecipeLookup(book, store, scope);
        var runs = new RunLookup(store, dispatcher::find, lookup, scope);
        var forecast = new HoldForecast(lookup::inForce, agents::closed, dispatcher.pauses(), documents);
        var wait = new RunWait(documents);
        var items = new RecipeItems(runs, agents, dispatcher.pauses(), documents, clock);
        return List.of(
                clock,
                outputs,
                executions,
                dispatcher,
                documents,
                agents,
                switches,
                targets,
                tokens,
                console.port(),
                console.links(),
                console.sessions(),
                changes,
                events,
                archive,
                store.outbox(),
                lookup,
                runs,
                forecast,
                wait,
                items,
                new RecipePage(items, documents, clock, resolve),
                new RunStarter(dispatcher, agents, wait),
                new RunInputs(store, outputs),
                new RunOutput.Sources(
                        outputs, executions.followers(), run -> mask(run, lookup), clock, documents.zone()),
                new RunReason(dispatcher, agents, documents, clock),
                new DueReason(lookup, agents, forecast, dispatcher, documents),
                new ClockSets(store.clock(), documents),
                new RecipePauses(dispatcher.pauses(), documents),
                new RecipeMutes(store.outbox(), lookup, documents, clock));
    }

    /** Returns a mask for the secrets that a run was given. Once it is over, for those of the current recipe. */
    private Mask mask(Run run, RecipeLookup lookup) {
        return dispatcher
                .mask(run.id())
                .orElseGet(() -> lookup.inForce(run.order().recipe().value())
                        .map(executions::mask)
                        .orElse(Mask.NONE));
    }
}
