package io.leprechaun.daemon.access;

import io.leprechaun.api.Access;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Verbs;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.http.Authority;
import io.leprechaun.daemon.http.Router;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.folder.UserRecipes;
import io.leprechaun.daemon.settings.UserSettings;
import io.leprechaun.daemon.startup.Reasons;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The commands of ordinary users with recipes of their own. They see and control their recipes and the runs of those,
 * and nothing else. Users who may read are answered as elsewhere.
 *
 * @param recipes the store of users' recipes
 * @param all the daemon's services
 * @param of the function that returns the services that answer one user
 * @param ran the function that counts the recipes of a user that have run, existing or removed: their last runs are
 *     kept
 * @param reread the function that reads the recipes again
 */
public record OwnDoor(
        UserSettings settings,
        UserRecipes recipes,
        List<? extends Registrator> all,
        Function<User, List<Registrator>> of,
        ToLongFunction<User> ran,
        Supplier<RecipeBook> reread) {
    private static final String BOOK = "book";
    /** The number of names that a user may have used for each recipe of the limit. */
    private static final int NAMES_EACH = 4;

    /** A service of the door. */
    private record OwnService(String name, List<Handler> handlers) implements Registrator {}

    /**
     * Returns the router of this door.
     *
     * @param roles the roles that users of this host have elsewhere
     */
    Router router(Authority roles) {
        var services = new ArrayList<Registrator>();
        for (Registrator service : all) {
            services.add(new OwnService(
                    service.name(),
                    service.handlers().stream()
                            .map(handler -> new Handler(
                                    handler.command(),
                                    handler.access(),
                                    call -> answer(service.name(), handler, roles, call)))
                            .toList()));
        }
        services.add(new OwnService(
                BOOK,
                List.of(
                        Handler.of(Verbs.ofOwners("text"), this::text),
                        Handler.of(Verbs.ofOwners("put"), this::put),
                        Handler.of(Verbs.ofOwners("remove"), this::remove))));
        return Router.of(services);
    }

    /**
     * Returns the access at this door: owners of recipes may change them, and all others have the access of the
     * readers' socket.
     */
    Authority authority(Authority roles) {
        return new Authority() {
            @Override
            public Optional<Access> most(String user, boolean admitted) {
                return owner(user).isPresent()
                        ? Optional.of(Access.CHANGE)
                        : roles.most(user, false).map(_ -> Access.READ);
            }

            @Override
            public String holders(Access role) {
                return roles.holders(role) + "; users in `users: { allow: … }` have it for recipes of their own";
            }
        };
    }

    private Optional<User> owner(String name) {
        return User.named(name)
                .filter(_ -> User.number(name).isEmpty()) // a number may stand for a user without a name
                .filter(settings::allows);
    }

    private User owner(Call call) {
        return owner(call.caller().user())
                .orElseThrow(() -> new ProblemException(Problem.notPermitted(
                        "no permission for recipes of your own: ask an administrator to add you to `users: { allow: …"
                                + " }` in the settings")));
    }

    private Reply answer(String service, Handler handler, Authority roles, Call call) {
        String user = call.caller().user();
        if (handler.access() == Access.READ && roles.most(user, false).isPresent()) {
            var reader = new Caller(user, Access.READ); // the greater access here is for the user's own recipes alone
            return handler.answer().apply(new Call(call.arguments(), reader, call.patience()));
        }
        if (!Verbs.isForOwners(service, handler.command())) {
            throw new ProblemException(Problem.notPermitted("`" + handler.command() + "` requires the role "
                    + handler.access().role() + ": " + roles.holders(handler.access())));
        }
        return of.apply(owner(call)).stream()
                .filter(scoped -> scoped.name().equals(service))
                .flatMap(scoped -> scoped.handlers().stream())
                .filter(scoped -> scoped.command().equals(handler.command()))
                .findFirst()
                .orElseThrow()
                .answer()
                .apply(call);
    }

    private Reply text(Arguments arguments, Call call) {
        User user = owner(call);
        String name = plain(arguments.operand(0, "RECIPE"), user);
        try {
            String text = recipes.text(user, name)
                    .orElseThrow(() -> new ProblemException(
                            Problem.notFound("unknown recipe '" + name + "': see `leprechaun ls`")));
            return Reply.of(Map.of("recipe", user.name() + "/" + name, "text", text), _ -> text, List.of(name));
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    private Reply put(Arguments arguments, Call call) {
        User user = owner(call);
        String name = plain(arguments.operand(0, "RECIPE"), user);
        String text =
                arguments.value("--text").orElseThrow(() -> new ProblemException(Problem.usage("--text is missing")));
        try {
            if (recipes.text(user, name).isEmpty()) {
                requireFewNames(ran.applyAsLong(user));
            }
            var warnings =
                    recipes.put(user, name, text).stream().map(Object::toString).toList();
            String whole = user.name() + "/" + name;
            var entry = reread.get().of(user).entry(whole);
            Optional<String> broken =
                    entry.flatMap(RecipeBook.BookEntry::problem).map(Object::toString);
            if (entry.isEmpty() || broken.isPresent()) {
                throw new ProblemException(new Problem(
                        422,
                        "Not in force",
                        whole + " is stored but not in force: " + broken.orElse("see `leprechaun ls`"),
                        ExitCode.USAGE));
            }
            var lines = new ArrayList<>(warnings);
            lines.add(whole + " is in force");
            return Reply.of(Map.of("recipe", whole, "warnings", warnings), Text.lines(lines), List.of(whole));
        } catch (UserRecipes.NotTakenException e) {
            throw new ProblemException(new Problem(422, "Not taken", String.valueOf(e.getMessage()), ExitCode.USAGE));
        } catch (IOException e) {
            throw failed("store", e);
        }
    }

    private void requireFewNames(long had) {
        if (had >= (long) settings.recipes() * NAMES_EACH) {
            throw new ProblemException(Problem.refused("limit reached: you have used " + had
                    + " recipe names, and their last runs are stored; change" + " one of these recipes"));
        }
    }

    private Reply remove(Arguments arguments, Call call) {
        User user = owner(call);
        String name = plain(arguments.operand(0, "RECIPE"), user);
        try {
            if (!recipes.remove(user, name)) {
                throw new ProblemException(Problem.notFound("unknown recipe '" + name + "': see `leprechaun ls`"));
            }
            var unused = reread.get();
            String whole = user.name() + "/" + name;
            return Reply.of(Map.of("recipe", whole), Text.line(whole + " is removed"), List.of(whole));
        } catch (IOException e) {
            throw failed("remove", e);
        }
    }

    /** Returns a recipe's name without the user's prefix. */
    private static String plain(String name, User user) {
        String before = user.name() + "/";
        return name.startsWith(before) ? name.substring(before.length()) : name;
    }

    private static ProblemException failed(String what, IOException e) {
        return new ProblemException(new Problem(
                503,
                "Not kept",
                "cannot " + what + " the recipe (" + Reasons.of(e) + "): try again",
                ExitCode.REFUSED));
    }
}
