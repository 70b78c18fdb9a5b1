package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.AgentSettings;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.UserSettings;
import io.leprechaun.daemon.units.Sizes;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Place;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import io.leprechaun.daemon.yaml.YamlParser;
import io.leprechaun.daemon.yaml.YamlText;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The reader of recipes. Immutable: it holds the settings for all recipes. */
public final class RecipeReader {
    private final Definitions definitions;
    private final Map<AgentName, RecipeDefaults> defaults;
    private final Optional<Value.Mapping> settings;
    private final UserSettings users;

    private RecipeReader(
            Definitions definitions,
            Map<AgentName, RecipeDefaults> defaults,
            Optional<Value.Mapping> settings,
            UserSettings users) {
        this.definitions = definitions;
        this.defaults = Map.copyOf(defaults);
        this.settings = settings;
        this.users = users;
    }

    /** Returns a reader that knows the {@code defaults:} of the settings, and notes errors in them. */
    public static RecipeReader of(Settings settings, Problems problems) {
        return of(settings, Definitions.SHIPPED, problems);
    }

    /** Returns a reader for a set of definitions, whose agents the settings have. */
    public static RecipeReader of(Settings settings, Definitions definitions, Problems problems) {
        RecipeDefaults ofAll = RecipeDefaults.of(
                settings.zone(),
                settings.shell(),
                settings.runAs(),
                settings.history(),
                settings.notices().telling());
        overlay(ofAll, settings.defaults(), problems);
        var byAgent = new HashMap<AgentName, RecipeDefaults>();
        settings.agents().forEach((name, agent) -> byAgent.put(name, forAgent(settings, agent, problems)));
        return new RecipeReader(definitions, byAgent, settings.written(), settings.users());
    }

    private static RecipeDefaults forAgent(Settings settings, AgentSettings agent, Problems problems) {
        RecipeDefaults built = RecipeDefaults.of(
                agent.zone(),
                agent.shell(),
                agent.runAs(),
                settings.history(),
                settings.notices().telling());
        RecipeDefaults ofAll =
                overlay(built, settings.defaults(), new Problems()); // the errors in them have been noted once
        return overlay(ofAll, agent.defaults(), problems);
    }

    private static RecipeDefaults overlay(RecipeDefaults usual, Optional<Value.Mapping> section, Problems problems) {
        if (section.isEmpty()) {
            return usual;
        }
        var fields = new MappingReader(section.get(), problems);
        RecipeDefaults defaults = usual.with(fields);
        String why = "not allowed as a default for all recipes; remove it";
        fields.notHere(why, RecipeKeys.OWN);
        fields.done();
        return defaults;
    }

    /**
     * Reads the recipe in a text; empty when it has an error. Errors and warnings are noted. So is a failure of the
     * reader: one file must not keep the others from being read.
     */
    public Optional<Recipe> read(Origin origin, Problems problems) {
        int before = problems.errors().size();
        return guarded(
                origin,
                problems,
                () -> YamlParser.parse(new YamlText(origin.file(), origin.text()), problems)
                        .flatMap(root -> read(origin, root, before, problems)));
    }

    /** Returns the reason why a user may have no recipes now; empty: the user may. */
    public Optional<String> barred(int uid) {
        try {
            Owner.of(uid, users);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Runs a reader, and turns each exception from it into a problem of the file. */
    public static Optional<Recipe> guarded(Origin origin, Problems problems, Supplier<Optional<Recipe>> reading) {
        try {
            return reading.get();
        } catch (StackOverflowError e) {
            problems.error(Place.of(origin.file()), tooLarge(origin));
        } catch (OutOfMemoryError e) { // other threads may hold the memory that it needs
            problems.passing(Place.of(origin.file()), tooLarge(origin));
        } catch (RuntimeException | Error e) {
            problems.error(
                    Place.of(origin.file()),
                    "cannot read the file because of an internal error of Leprechaun (" + defect(e)
                            + "); please report it with the file");
        }
        return Optional.empty();
    }

    private static String tooLarge(Origin origin) {
        return "not enough memory to read the file ("
                + Sizes.format(origin.text().length()) + "); split the recipe," + " or nest it less";
    }

    /** Returns an exception in a few words: its class, and its origin. */
    private static String defect(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown.getClass().getSimpleName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** Returns every value that is in force for a recipe which this reader has read, and its place. */
    public List<Resolved> resolved(Recipe recipe) {
        Optional<Value.Mapping> own = YamlParser.parse(
                new YamlText(recipe.origin().file(), recipe.origin().text()), new Problems());
        AgentName agent = own.map(
                        root -> agent(definitions.named(new MappingReader(root, new Problems()), new Problems())))
                .orElse(AgentName.BY_HAND);
        Optional<Value.Mapping> section =
                settings.flatMap(file -> file.section("agents")).flatMap(all -> all.section(agent.value()));
        var layers = Stream.of(own, defaults(section), defaults(settings))
                .flatMap(Optional::stream)
                .toList();
        return Resolved.of(
                recipe,
                layers,
                Stream.of(section, settings).flatMap(Optional::stream).toList());
    }

    private static Optional<Value.Mapping> defaults(Optional<Value.Mapping> section) {
        return section.flatMap(map -> map.section("defaults"));
    }

    private Optional<Recipe> read(Origin origin, Value.Mapping root, int before, Problems problems) {
        var fields = new MappingReader(root, problems);
        Optional<Owner> owner = Optional.empty();
        if (origin.owner().isPresent()) {
            try {
                owner = Optional.of(Owner.of(origin.owner().getAsInt(), users));
            } catch (IllegalArgumentException e) {
                problems.error(fields.place(), String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }
        Optional<RecipeName> name = name(fields, origin.file(), problems);
        String description = RecipeKeys.DESCRIPTION
                .read(fields)
                .flatMap(value -> fields.read(value, text -> text))
                .orElse("");
        List<Definition> named = definitions.named(fields, problems);
        RecipeDefaults usual = Objects.requireNonNull(defaults.get(agent(named)));
        RecipeDefaults own =
                owner.map(user -> user.limited(usual)).orElse(usual).with(fields);
        List<Trigger> triggers = definitions.read(fields, named, own, problems);
        Optional<Value> written = RecipeKeys.STEPS.read(fields);
        List<Step> steps =
                written.map(value -> new StepReader(problems).read(value)).orElse(List.of());
        if (written.isEmpty()) {
            problems.error(fields.place(), "missing steps; add commands under `steps:`, one a line after `- `");
        }
        fields.done(ForeignKeys.ADVICE);
        if (name.isEmpty() || problems.errors().size() > before) {
            return Optional.empty();
        }
        var read = new Recipe(
                name.get(), description, triggers, steps, own.surroundings(), own.policy(), own.bounds(), origin);
        Recipe recipe = owner.map(user -> user.own(read, fields)).orElse(read);
        return problems.errors().size() > before ? Optional.empty() : Optional.of(recipe);
    }

    /** Returns the agent whose defaults hold for a recipe. */
    private static AgentName agent(List<Definition> named) {
        return named.isEmpty() ? AgentName.BY_HAND : named.getFirst().agent();
    }

    private static Optional<RecipeName> name(MappingReader fields, Path file, Problems problems) {
        if (fields.has("name")) {
            return RecipeKeys.NAME.read(fields);
        }
        String stem = stem(file);
        if (!RecipeName.isValid(stem)) {
            problems.error(fields.place(), "the file's name '" + stem + "' is not a recipe name; add `name:` with one");
            return Optional.empty();
        }
        return Optional.of(new RecipeName(stem));
    }

    /** @throws IllegalArgumentException with a sentence about the error when the text is not a recipe name */
    static RecipeName name(String text) {
        if (!RecipeName.isValid(text)) {
            String allowed = "use 1 to 64 letters, digits, . _ or -, a letter or digit first, not digits alone";
            throw new IllegalArgumentException("invalid recipe name '" + text + "': " + allowed);
        }
        return new RecipeName(text);
    }

    /** Returns a file's name without its ending: the name of a recipe without {@code name}. */
    public static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    }
}
