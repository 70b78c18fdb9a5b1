package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.hook.HookKeys;
import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.schedule.EveryNth;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys of a recipe's triggers. */
final class TriggerKeys {
    /** All keys of triggers. */
    static final KeyTable<Trigger> TABLE = new KeyTable<>();

    private static final int MOST_UNITS = 999_999_999;
    private static final Pattern HOOK_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    private static final KeyTable<Trigger.Interval> UNITS = new KeyTable<>();
    private static final Key<Integer> DAY = UNITS.add(unit("day", "Days."));
    private static final Key<Integer> HOUR = UNITS.add(unit("hour", "Hours."));
    private static final Key<Integer> MIN = UNITS.add(unit("min", "Minutes."));
    private static final Key<Integer> SEC = UNITS.add(unit("sec", "Seconds."));

    private static final KeyTable<Trigger.Dependency> DEPENDENCIES = new KeyTable<>();
    private static final Key<RecipeName> RECIPE =
            DEPENDENCIES.add(Key.of("recipe", Type.parsed(RecipeReader::name, RecipeKeys::nameForm))
                    .says("Name of the other recipe."));
    private static final Key<Trigger.On> ON = DEPENDENCIES.add(Key.of("on", Types.choice(Trigger.On.class))
            .says("The outcome of its run that counts.")
            .usually(Trigger.On.SUCCESS));

    /** The triggers by their words. */
    static final Key<Value> DEFINITION = TABLE.add(Key.of("definition", Type.asItStands(TriggerKeys::definition))
            .says("The triggers of the recipe, besides `after`.")
            .unless("none")
            .example("cron"));

    /** The patterns as written. */
    static final Key<Value> PATTERN =
            TABLE.add(Key.of("pattern", Type.asItStands(() -> Shape.of(Types.ref("texts"), "pattern, or a list")))
                    .says("For `cron`: five fields (minute hour day month weekday), six with seconds in front, or"
                            + " a short name such as `@daily`.")
                    .example("\"30 2 * * *\""));

    /** The number of days or weeks, one of which counts. */
    static final Key<EveryNth.Period> EVERY =
            TABLE.add(Key.of("every", Type.parsed(EveryNth.Period::parse, TriggerKeys::period))
                    .says("For `cron`: `2w` limits the pattern to every second week, `3d` to every third day, counted"
                            + " from `from`.")
                    .example("2w"));

    /** The parts of an interval. */
    static final Key<MappingReader> SCHEDULE = TABLE.add(Key.of(
                    "schedule",
                    Types.section(
                            "{\"type\": \"object\", \"minProperties\": 1, \"properties\": \"@\","
                                    + " \"additionalProperties\": false}",
                            () -> UNITS))
            .says("For `schedule`: the time from one due instant to the next. All zeros mean one run at each start of"
                    + " the daemon.")
            .example("{ min: 10 }"));

    /** The id of its hooks, the last part of their address. */
    static final Key<String> ID = TABLE.add(Key.of("id", Type.parsed(TriggerKeys::hookId, TriggerKeys::hookIds))
            .says("For `hook`: the id of the recipe in the address that senders use.")
            .example("kX93bWmQ27Ldz5Tf"));

    /** The conditions for its hooks. */
    static final Key<MappingReader> HOOK = TABLE.add(Key.of("hook", Types.section(() -> HookKeys.TABLE))
            .says("For `hook`: the allowed senders, and the values that are taken from a request."));

    /** The recipes whose runs it follows. */
    static final Key<List<Trigger.Dependency>> AFTER = TABLE.add(Key.of(
                    "after",
                    Type.listed(TriggerKeys::after, TriggerKeys::afterForm).with(() -> DEPENDENCIES))
            .says("The recipe is due when, since it was last due, a run of each of these recipes has ended as `on`"
                    + " requires.")
            .example("[dump, { recipe: mount, on: always }]"));

    private TriggerKeys() {}

    /** Returns the time that the parts of an interval make together. */
    static Duration interval(MappingReader parts) {
        return Duration.ofDays(DAY.or(parts, 0))
                .plusHours(HOUR.or(parts, 0))
                .plusMinutes(MIN.or(parts, 0))
                .plusSeconds(SEC.or(parts, 0));
    }

    /** Returns whether none of the parts of an interval is there. */
    static boolean isEmpty(MappingReader parts) {
        return UNITS.keys().stream().noneMatch(unit -> parts.has(unit.name()));
    }

    private static Key<Integer> unit(String name, String description) {
        return Key.of(name, Types.integer(0, MOST_UNITS)).says(description);
    }

    private static Shape definition() {
        Shape one = Types.oneOf(Definitions.SHIPPED.words());
        return Shape.of(
                "{\"anyOf\": [" + one.schema() + ", {\"type\": \"array\", \"items\": " + one.schema()
                        + ", \"minItems\": 1, \"uniqueItems\": true}]}",
                one.values() + "; or a list");
    }

    private static Shape period() {
        return Types.matching("^[1-9][0-9]{0,3}[dw]$", "days or weeks, such as `3d` or `2w`");
    }

    private static Shape hookIds() {
        return Shape.of(
                "{\"type\": [\"string\", \"integer\"], \"pattern\": \"^" + HOOK_ID + "$\"}",
                "1 to 128 of `A-Z a-z 0-9 . _ ~ -`");
    }

    private static String hookId(String text) {
        if (!HOOK_ID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "invalid hook id '" + text + "': use 1 to 128 letters, digits, . _ ~ or -");
        }
        return text;
    }

    private static List<Trigger.Dependency> after(MappingReader fields, String key) {
        return fields.list(key, text -> new Trigger.Dependency(RecipeReader.name(text), ON.usual()), other -> {
            Optional<RecipeName> recipe = RECIPE.need(other);
            Trigger.On on = ON.value(other);
            return recipe.map(name -> new Trigger.Dependency(name, on));
        });
    }

    private static Shape afterForm() {
        return Shape.of(Types.ref("dependency"), "a name, or a map").listed();
    }
}
