package io.leprechaun.daemon.offline;

import io.leprechaun.api.Places;
import io.leprechaun.api.Printable;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Text;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.desk.Upcoming;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.startup.Reasons;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.startup.StateFolder;
import io.leprechaun.daemon.store.Backup;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.units.Sizes;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code leprechaund offline VERB [OPTION…] ARGS…}: what needs no daemon; the client becomes this program for it. */
public record Offline(HostClock clock, PrintStream out, PrintStream err) {
    /** The first word that leads here. */
    public static final String WORD = "offline";

    private static final Set<String> OPTIONS =
            Set.of("--json", "-q", "--color", "--columns", "--config", "--recipes", "--state");

    /** Does what the words after {@link #WORD} say, and gives the exit code. */
    public int run(List<String> words) {
        var rest = new ArrayDeque<>(words);
        String verb = rest.isEmpty() ? "" : rest.pop();
        boolean json = false;
        boolean quiet = false;
        boolean color = false;
        int columns = 0;
        @Nullable Path config = null;
        @Nullable Path recipes = null;
        @Nullable Path state = null;
        while (!rest.isEmpty() && OPTIONS.contains(rest.element())) {
            switch (rest.pop()) {
                case "--json" -> json = true;
                case "-q" -> quiet = true;
                case "--color" -> color = true;
                case "--columns" -> columns = Integer.parseInt(rest.pop());
                case "--recipes" -> recipes = Path.of(rest.pop());
                case "--state" -> state = Path.of(rest.pop());
                default -> config = Path.of(rest.pop()); // the client never sends one without its value
            }
        }
        var form = new OutputOptions(json, quiet, color, columns);
        var asked = new Asked(config, recipes, state);
        Optional<PrintStream> documents = json ? Optional.of(out) : Optional.empty();
        return Failures.report(verb, documents, err, () -> run(verb, form, asked, rest));
    }

    /** Where to work, as far as that was said. */
    private record Asked(
            @Nullable Path config,
            @Nullable Path recipes,
            @Nullable Path state) {}

    private int run(String verb, OutputOptions form, Asked asked, Deque<String> words) throws StartException {
        var problems = new Problems();
        var loaded = Loaded.read(asked.config(), asked.recipes(), Trust.lenient(), problems);
        Path state = asked.state() == null ? state(loaded) : asked.state();
        var arguments = new ArrayList<>(words);
        return switch (verb) {
            case "check" -> {
                if (form.json()) {
                    arguments.addFirst("--json");
                }
                yield Check.run(
                        arguments,
                        Trust.lenient(),
                        loaded.reader(),
                        loaded.settings(),
                        problems,
                        form.screen(),
                        out,
                        err);
            }
            case "verify" -> verify(loaded, state, form, arguments);
            case "backup" -> backup(state, form, arguments);
            case "hook" -> hook(loaded, form, arguments);
            case "next" -> next(loaded, form, arguments);
            case "simulate" -> simulate(loaded, state, form, arguments);
            case "new" -> newRecipe(loaded, form, arguments);
            case "runs", "logs", "show", "usage" ->
                new OfflineHistory(loaded, state, clock, out, err).answer(verb, form, arguments);
            default ->
                throw new ProblemException(
                        Problem.usage(verb + " without a daemon is not in this version yet: start the daemon"));
        };
    }

    private int next(Loaded loaded, OutputOptions form, List<String> words) {
        var reply = Upcoming.ofPatterns(words, loaded.settings().zone(), clock.instant());
        try {
            return form.print(reply, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int newRecipe(Loaded loaded, OutputOptions form, List<String> words) {
        Path folder = loaded.settings().recipes();
        try {
            Path file = new NewRecipe(folder, loaded.recipes()).write(words);
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.yml$", "");
            var document = Map.of("recipe", name, "file", file.toString());
            return form.print(Reply.of(document, Text.line(file.toString()), List.of(name)), out, err);
        } catch (IOException e) {
            throw new ProblemException(Problem.refused("no file can be written in " + folder + " (" + Reasons.of(e)
                    + "): make the folder, or write there as another user"));
        }
    }

    /** A recipe by its name among those of the settings, or by its file. */
    private int hook(Loaded loaded, OutputOptions form, List<String> words) {
        if (words.isEmpty() || !words.getFirst().equals("test")) {
            throw new ProblemException(Problem.usage("hook test is what works without a daemon"));
        }
        var arguments = HookTest.arguments(words.subList(1, words.size()));
        String named = arguments.operand(0, "RECIPE");
        boolean isFile = named.endsWith(".yml") || named.endsWith(".yaml");
        Recipe recipe = isFile ? recipe(loaded, Path.of(named)) : recipe(loaded, named);
        try {
            return form.print(HookTest.answer(recipe, arguments, System.getenv(), clock.instant()), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Recipe recipe(Loaded loaded, Path file) {
        var problems = new Problems();
        Optional<Recipe> recipe = RecipeFolder.origin(file, Trust.lenient(), problems)
                .flatMap(origin -> loaded.recipes().read(origin, problems));
        return recipe.orElseThrow(() -> {
            problems.errors().forEach(problem -> err.println(Printable.of(problem.toString())));
            return new ProblemException(Problem.usage(file + " does not load: see `leprechaun check " + file + "`"));
        });
    }

    private Recipe recipe(Loaded loaded, String name) {
        Path folder = loaded.settings().recipes();
        var entry = new RecipeFolder(folder, loaded.recipes(), Trust::lenient, clock)
                .read()
                .entry(name)
                .orElseThrow(() -> new ProblemException(
                        Problem.notFound("there is no recipe '" + name + "' in " + folder + ": name its file")));
        return entry.recipe()
                .orElseThrow(() -> new ProblemException(Problem.usage("the recipe " + name + " does not load: "
                        + entry.problem().map(Object::toString).orElse("see `leprechaun check`"))));
    }

    private int simulate(Loaded loaded, Path state, OutputOptions form, List<String> words) {
        var arguments = Simulate.arguments(words);
        Path folder = arguments.operands().stream()
                .findFirst()
                .map(Path::of)
                .orElse(loaded.settings().recipes());
        if (!Files.isDirectory(folder)) {
            throw new ProblemException(
                    Problem.usage("there is no folder " + folder + ": name the one with the recipes"));
        }
        var book = new RecipeFolder(folder, loaded.recipes(), Trust::lenient, clock).read();
        book.broken()
                .forEach(entry -> entry.problem()
                        .ifPresent(problem -> err.println("left out: " + Printable.of(problem.toString()))));
        Path store = StateFolder.store(state);
        try (var parts = new Parts()) {
            Optional<RunStore> history =
                    Files.isReadable(store) ? Optional.of(parts.own(SqliteStore.openToRead(store))) : Optional.empty();
            var reply = new Simulate(book.recipes(), loaded.settings(), history).answer(arguments, clock.instant());
            return form.print(reply, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int verify(Loaded loaded, Path state, OutputOptions form, List<String> words) {
        var copy = Verbs.find("verify").orElseThrow().form().parse(words).operands().stream()
                .findFirst()
                .map(Path::of);
        var verify = new Verify(loaded.recipes(), out, err);
        if (copy.isPresent()) {
            return verify.run(copy.get(), Optional.empty(), form.json());
        }
        return verify.run(
                StateFolder.store(state), Optional.of(new OutputFolder(StateFolder.output(state))), form.json());
    }

    private int backup(Path state, OutputOptions form, List<String> words) {
        var file = Path.of(
                        Verbs.find("backup").orElseThrow().form().parse(words).operand(0, "FILE"))
                .toAbsolutePath();
        try {
            Path store = StateFolder.store(state);
            long size = Backup.make(store, file);
            var document = Map.of("backup", Map.of("store", store.toString(), "file", file.toString(), "bytes", size));
            var line = Text.line(file + ": " + Sizes.format(size));
            return form.print(Reply.of(document, line, List.of(file.toString())), out, err);
        } catch (IOException e) {
            throw new StoreException("cannot write " + file + " (" + Reasons.of(e) + "): name another place", e);
        }
    }

    /** The state folder of the settings, or the system's where the user has none. */
    private static Path state(Loaded loaded) {
        Path own = loaded.places()
                .state(null, loaded.settings().state().orElse(null))
                .toAbsolutePath()
                .normalize();
        boolean other = !Files.exists(own) && Files.exists(Places.SYSTEM_STATE);
        return other ? Places.SYSTEM_STATE : own;
    }
}
