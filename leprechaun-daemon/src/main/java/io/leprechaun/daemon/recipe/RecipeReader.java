package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.config.AgentSettings;
import io.leprechaun.daemon.config.Durations;
import io.leprechaun.daemon.config.Fields;
import io.leprechaun.daemon.config.Place;
import io.leprechaun.daemon.config.Problems;
import io.leprechaun.daemon.config.Settings;
import io.leprechaun.daemon.config.Sizes;
import io.leprechaun.daemon.config.UserSettings;
import io.leprechaun.daemon.config.Value;
import io.leprechaun.daemon.config.YamlParser;
import io.leprechaun.daemon.config.YamlText;
import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.hook.HookReader;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads recipes. Immutable: it holds what the settings say for every recipe. */
public final class RecipeReader {
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(14_600);
    private static final int SHORT_HOOK_ID = 8;
    private static final int MOST_PATTERNS = 100;
    private static final Pattern HOOK_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
    private static final Map<String, Kind> KIND_OF_KEY =
            Map.of("schedule", Kind.SCHEDULE, "pattern", Kind.CRON, "id", Kind.HOOK, "hook", Kind.HOOK);

    private final Map<String, RecipeDefaults> defaults;
    private final Optional<Value.Mapping> settings;
    private final UserSettings users;

    /** What {@code definition} may name. */
    private enum Kind {
        SCHEDULE(Settings.SCHEDULER, "schedule", "{ min: 10 }"),
        CRON(Settings.CRON, "pattern", "\"30 2 * * *\""),
        HOOK(Settings.SERVER, "id", "a word that nobody guesses");

        private final String agent;
        private final String key;
        private final String example;

        Kind(String agent, String key, String example) {
            this.agent = agent;
            this.key = key;
            this.example = example;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private RecipeReader(Map<String, RecipeDefaults> defaults, Optional<Value.Mapping> settings, UserSettings users) {
        this.defaults = Map.copyOf(defaults);
        this.settings = settings;
        this.users = users;
    }

    /** A reader that knows the settings' {@code defaults:}; what is wrong with those is noted. */
    public static RecipeReader of(Settings settings, Problems problems) {
        RecipeDefaults ofAll = RecipeDefaults.of(
                settings.zone(),
                settings.shell(),
                settings.runAs(),
                settings.history(),
                settings.notices().telling());
        overlay(ofAll, settings.defaults(), problems);
        var byAgent = new HashMap<String, RecipeDefaults>();
        settings.agents().forEach((name, agent) -> byAgent.put(name, forAgent(settings, agent, problems)));
        return new RecipeReader(byAgent, settings.written(), settings.users());
    }

    private static RecipeDefaults forAgent(Settings settings, AgentSettings agent, Problems problems) {
        RecipeDefaults built = RecipeDefaults.of(
                agent.zone(),
                agent.shell(),
                agent.runAs(),
                settings.history(),
                settings.notices().telling());
        RecipeDefaults ofAll =
                overlay(built, settings.defaults(), new Problems()); // what is wrong in them has been noted once
        return overlay(ofAll, agent.defaults(), problems);
    }

    private static RecipeDefaults overlay(RecipeDefaults usual, Optional<Value.Mapping> section, Problems problems) {
        if (section.isEmpty()) {
            return usual;
        }
        var fields = new Fields(section.get(), problems);
        RecipeDefaults defaults = usual.with(fields);
        String why = "this is each recipe's own, and no default for all; remove it";
        fields.notHere(why, "name", "description", "definition", "pattern", "schedule", "id", "hook", "after", "steps");
        fields.done();
        return defaults;
    }

    /** The recipe in a text; empty when something is wrong with it. Everything wrong or suspicious is noted, a failure of the reader too: one file must not keep the others from being read. */
    public Optional<Recipe> read(Origin origin, Problems problems) {
        int before = problems.errors().size();
        return guarded(
                origin,
                problems,
                () -> YamlParser.parse(new YamlText(origin.file(), origin.text()), problems)
                        .flatMap(root -> read(origin, root, before, problems)));
    }

    /** Why a user may have no recipes now; empty: the user may. */
    Optional<String> barred(int uid) {
        try {
            Owner.of(uid, users);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Reads, and makes whatever is thrown meanwhile a problem of the file. */
    static Optional<Recipe> guarded(Origin origin, Problems problems, Supplier<Optional<Recipe>> reading) {
        try {
            return reading.get();
        } catch (StackOverflowError e) {
            problems.error(Place.of(origin.file()), tooLarge(origin));
        } catch (OutOfMemoryError e) { // others may have had what it needs
            problems.passing(Place.of(origin.file()), tooLarge(origin));
        } catch (RuntimeException | Error e) {
            problems.error(
                    Place.of(origin.file()),
                    "Leprechaun cannot read the file because of a defect of its own (" + defect(e)
                            + "); please report it with the file");
        }
        return Optional.empty();
    }

    private static String tooLarge(Origin origin) {
        return "the file takes more memory to read than there is ("
                + Sizes.format(origin.text().length()) + "); split the recipe, or nest it less";
    }

    /** An exception in a few words: its class, and where it came from. */
    private static String defect(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown.getClass().getSimpleName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** Everything that holds for a recipe which this reader has read, and where it is written. */
    public List<Resolved> resolved(Recipe recipe) {
        Optional<Value.Mapping> own = YamlParser.parse(
                new YamlText(recipe.origin().file(), recipe.origin().text()), new Problems());
        String agent = own.map(root -> kinds(new Fields(root, new Problems()), new Problems()))
                .filter(kinds -> !kinds.isEmpty())
                .map(kinds -> kinds.getFirst().agent)
                .orElse(Settings.SCHEDULER);
        Optional<Value.Mapping> section =
                settings.flatMap(file -> file.section("agents")).flatMap(all -> all.section(agent));
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
        var fields = new Fields(root, problems);
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
        String description = fields.value("description")
                .flatMap(value -> fields.read(value, text -> text))
                .orElse("");
        List<Kind> kinds = kinds(fields, problems);
        String agent = kinds.isEmpty() ? Settings.SCHEDULER : kinds.getFirst().agent;
        RecipeDefaults usual = Objects.requireNonNull(defaults.get(agent));
        RecipeDefaults own =
                owner.map(user -> user.limited(usual)).orElse(usual).with(fields);
        List<Trigger> triggers = triggers(fields, kinds, own.surroundings().zone(), problems);
        Optional<Value> written = fields.value("steps");
        List<Step> steps =
                written.map(value -> new StepReader(problems).read(value)).orElse(List.of());
        if (written.isEmpty()) {
            problems.error(
                    fields.place(),
                    "there are no steps; write what to run under `steps:`, one command a line behind `- `");
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

    private static Optional<RecipeName> name(Fields fields, Path file, Problems problems) {
        if (fields.has("name")) {
            return fields.read("name", RecipeReader::name);
        }
        String stem = stem(file);
        if (!RecipeName.isValid(stem)) {
            problems.error(fields.place(), "the file's name '" + stem + "' is no recipe name; add `name:` with one");
            return Optional.empty();
        }
        return Optional.of(new RecipeName(stem));
    }

    private static RecipeName name(String text) {
        if (!RecipeName.isValid(text)) {
            String allowed = "1 to 64 letters, digits, . _ - are allowed, a letter or digit first, not digits alone";
            throw new IllegalArgumentException("'" + text + "' is no recipe name; " + allowed);
        }
        return new RecipeName(text);
    }

    /** A file's name without its ending: the name of a recipe that names itself not. */
    static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    }

    private static List<Kind> kinds(Fields fields, Problems problems) {
        List<Kind> kinds = fields.list("definition", text -> Fields.oneOf(text, Kind.class));
        var seen = new HashSet<Kind>();
        for (Kind kind : kinds) {
            if (!seen.add(kind)) {
                problems.error(fields.place("definition"), "'" + kind.word() + "' is given twice; remove one");
            }
        }
        return List.copyOf(kinds);
    }

    private static List<Trigger> triggers(Fields fields, List<Kind> kinds, ZoneId zone, Problems problems) {
        boolean wrongDefinition = fields.has("definition") && kinds.isEmpty();
        KIND_OF_KEY.forEach((key, kind) -> {
            if (fields.has(key) && !kinds.contains(kind) && !wrongDefinition) {
                boolean pattern = kind == Kind.SCHEDULE
                        && fields.value(key)
                                .filter(Value.Scalar.class::isInstance)
                                .isPresent();
                problems.error(
                        fields.place(key),
                        pattern
                                ? "a cron pattern is written as `pattern:`, with `definition: cron`"
                                : "nothing uses this without `definition: " + kind.word()
                                        + "`; add that, or remove it");
            }
        });
        var triggers = new ArrayList<Trigger>();
        for (Kind kind : kinds) {
            if (!fields.has(kind.key)) {
                String example = kind.key + ": " + kind.example;
                problems.error(
                        fields.place("definition"),
                        "'" + kind.word() + "' needs `" + kind.key + "`; add it, " + example + " for example");
                continue;
            }
            switch (kind) {
                case SCHEDULE -> interval(fields, problems).ifPresent(triggers::add);
                case CRON -> cron(fields, zone, problems).ifPresent(triggers::add);
                case HOOK -> hook(fields, problems).ifPresent(triggers::add);
            }
        }
        List<Trigger.Dependency> after = fields.list(
                "after", text -> new Trigger.Dependency(name(text), Trigger.On.SUCCESS), RecipeReader::dependency);
        if (!after.isEmpty()) {
            triggers.add(new Trigger.After(after));
        }
        return triggers;
    }

    private static Optional<Trigger.Dependency> dependency(Fields fields) {
        Optional<RecipeName> recipe = fields.need("recipe", RecipeReader::name);
        var on = fields.choice("on", Trigger.On.class).orElse(Trigger.On.SUCCESS);
        return recipe.map(name -> new Trigger.Dependency(name, on));
    }

    private static Optional<Trigger> interval(Fields fields, Problems problems) {
        Optional<Fields> section = fields.section("schedule");
        if (section.isEmpty()) {
            return Optional.empty();
        }
        Fields parts = section.get();
        int wrong = problems.errors().size();
        int most = 999_999_999;
        Duration every = Duration.ofDays(parts.integer("day", 0, most).orElse(0))
                .plusHours(parts.integer("hour", 0, most).orElse(0))
                .plusMinutes(parts.integer("min", 0, most).orElse(0))
                .plusSeconds(parts.integer("sec", 0, most).orElse(0));
        boolean none = !parts.has("day") && !parts.has("hour") && !parts.has("min") && !parts.has("sec");
        parts.done();
        if (none) {
            problems.error(parts.place(), "say how often with day, hour, min or sec: { min: 10 } for example");
        } else if (every.compareTo(LONGEST_INTERVAL) > 0) {
            problems.error(
                    parts.place(),
                    "the interval is longer than " + Durations.format(LONGEST_INTERVAL) + "; write a shorter one");
        } else if (every.isZero() && problems.errors().size() == wrong) {
            problems.warn(
                    parts.place(), "all is zero: the recipe runs once at each start of the daemon, and not again");
        }
        return Optional.of(new Trigger.Interval(every));
    }

    private static Optional<Trigger> cron(Fields fields, ZoneId zone, Problems problems) {
        record Written(String text, Optional<Schedule> schedule) {}

        List<Written> patterns = fields.list("pattern", text -> {
            String pattern = text.strip();
            boolean atBoot = pattern.equalsIgnoreCase(CronPattern.REBOOT);
            return new Written(pattern, atBoot ? Optional.empty() : Optional.of(CronPattern.parse(pattern, zone)));
        });
        if (patterns.isEmpty()) {
            return Optional.empty();
        }
        if (patterns.size() > MOST_PATTERNS) {
            problems.error(
                    fields.place("pattern"),
                    "there are more than " + MOST_PATTERNS + " patterns; use fewer, with lists and steps");
        }
        if (patterns.stream().anyMatch(pattern -> pattern.text().matches("(\\*|\\*/1|0-59)(\\s+\\S+){5}"))) {
            problems.warn(
                    fields.place("pattern"),
                    "it is due every second, because the first of six fields is the second; write five fields, or 0"
                            + " first, for once a minute");
        }
        return Optional.of(new Trigger.Cron(
                String.join(", ", patterns.stream().map(Written::text).toList()),
                Schedules.union(patterns.stream()
                        .map(Written::schedule)
                        .flatMap(Optional::stream)
                        .toList()),
                patterns.stream().anyMatch(pattern -> pattern.schedule().isEmpty())));
    }

    private static Optional<Trigger> hook(Fields fields, Problems problems) {
        Optional<String> id = fields.read("id", text -> {
            if (!HOOK_ID.matcher(text).matches()) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no hook id; 1 to 128 letters, digits, . _ ~ - are allowed");
            }
            return text;
        });
        HookPolicy policy = fields.section("hook").map(HookReader::read).orElse(HookPolicy.USUAL);
        if (id.isPresent() && id.get().length() < SHORT_HOOK_ID && policy.auth().isEmpty()) {
            problems.warn(
                    fields.place("id"),
                    "the id is short, and who guesses it starts the recipe; write 16 or more random letters and"
                            + " digits");
        }
        return id.map(known -> new Trigger.Hook(known, policy));
    }
}
