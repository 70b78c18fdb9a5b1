package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import io.leprechaun.daemon.yaml.MappingReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The types that many keys share. */
public final class Types {
    /** The form of a text, from the definitions of the schemas. */
    public static final Shape TEXT = Shape.of(ref("text"), "text");

    private Types() {}

    /** Returns a reference to a schema among the definitions. */
    public static String ref(String name) {
        return "{\"$ref\": \"#/definitions/" + name + "\"}";
    }

    /** Returns the type of {@code true} and {@code false}. */
    public static Type<Boolean> flag() {
        return Type.of(MappingReader::flag, () -> Shape.of(ref("flag"), "`true`, `false`"));
    }

    /** Returns the type of a whole number. */
    public static Type<Integer> integer(int min, int max) {
        return Type.of((fields, key) -> fields.integer(key, min, max), () -> whole(min, max));
    }

    /** Returns the type of a whole number, or {@code none}. */
    public static Type<Optional<Integer>> integerOrNone(int min, int max) {
        return Type.orNone(text -> MappingReader.whole(text, min, max), () -> whole(min, max), String::valueOf);
    }

    /** Returns the form of a whole number. */
    public static Shape whole(int min, int max) {
        return Shape.of(
                "{\"type\": \"integer\", \"minimum\": " + min + ", \"maximum\": " + max + "}", min + " to " + max);
    }

    /** Returns the type of a span of time. */
    public static Type<Duration> duration(Duration min, Duration max) {
        Type<Duration> type = Type.of((fields, key) -> fields.duration(key, min, max), () -> span(min, max));
        return type.written(Durations::format);
    }

    /** Returns the type of a span of time, or {@code none}. */
    public static Type<Optional<Duration>> durationOrNone(Duration min, Duration max) {
        return Type.orNone(text -> MappingReader.between(text, min, max), () -> span(min, max), Durations::format);
    }

    /** Returns the form of a span of time. */
    public static Shape span(Duration min, Duration max) {
        String least = Durations.format(min);
        String most = Durations.format(max);
        return new Shape(ref("duration"), "`" + least + "` to `" + most + "`", least + " to " + most);
    }

    /** Returns the type of an amount of data, in bytes. */
    public static Type<Long> size(long min, long max) {
        Type<Long> type = Type.of((fields, key) -> fields.size(key, min, max), () -> amount(min, max));
        return type.written(Types::amount);
    }

    /** Returns the type of an amount of data, in bytes, or {@code none}. */
    public static Type<Optional<Long>> sizeOrNone(long min, long max) {
        return Type.orNone(text -> MappingReader.bytes(text, min, max), () -> amount(min, max), Types::amount);
    }

    private static Shape amount(long min, long max) {
        String least = min == 0 ? "" : amount(min);
        String most = (least.isEmpty() ? "up" : least) + " to " + amount(max);
        String range = max == Long.MAX_VALUE ? least + " or more" : most;
        return new Shape(ref("size"), "size, " + range.replaceAll("([0-9]+[kmg])", "`$1`"), range);
    }

    private static String amount(long bytes) {
        return Sizes.brief(bytes).replace(".0", "");
    }

    /** Returns the type of an enum's constants, written in lower case with {@code -} for {@code _}. */
    public static <E extends Enum<E>> Type<E> choice(Class<E> type) {
        Type<E> choice = Type.of((fields, key) -> fields.choice(key, type), () -> oneOf(words(type)));
        return choice.written(Types::word);
    }

    /** Returns the words of an enum's constants, in their order. */
    public static List<String> words(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Types::word).toList();
    }

    /** Returns the word of an enum's constant, in lower case with {@code -} for {@code _}. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the form of one of some words. */
    public static Shape oneOf(List<String> words) {
        return Shape.of(
                words.stream().collect(Collectors.joining("\", \"", "{\"enum\": [\"", "\"]}")),
                words.stream().collect(Collectors.joining("`, `", "`", "`")));
    }

    /** Returns the type of a text that is not empty. */
    public static Type<String> text() {
        return Type.of(MappingReader::text, () -> TEXT);
    }

    /** Returns the form of a text that matches a pattern of JSON Schema. */
    public static Shape matching(String pattern, String values) {
        return Shape.of("{\"type\": \"string\", \"pattern\": \"" + pattern.replace("\\", "\\\\") + "\"}", values);
    }

    /** Returns the type of a user or a group, by name or number. */
    public static Type<String> account() {
        return Type.of(MappingReader::account, () -> Shape.of(ref("account"), "name or number"));
    }

    /** Returns the type of a time zone by its name in the tz database. */
    public static Type<ZoneId> zone() {
        Type<ZoneId> type = Type.of(MappingReader::zone, () -> string("a name of the tz database"));
        return type.written(ZoneId::getId);
    }

    /** Returns the type of a path; a relative one starts from the folder of the file. */
    public static Type<Path> path() {
        return Type.of(MappingReader::path, () -> string("a path"));
    }

    /** Returns the form of a text that must not be a number. */
    public static Shape string(String values) {
        return Shape.of("{\"type\": \"string\"}", values);
    }

    /** Returns the type of a shell: the words before a step's text. */
    public static Type<List<String>> shell() {
        Type<List<String>> type =
                Type.of(MappingReader::shell, () -> Shape.of(ref("shell"), "a list that begins with an absolute path"));
        return type.written(words -> "[" + String.join(", ", words) + "]");
    }

    /** Returns the type of a map of keys; a key without a value is an empty map. */
    public static Type<MappingReader> section(Supplier<KeyTable<?>> keys) {
        return section(
                "{\"type\": [\"object\", \"null\"], \"properties\": \"@\", \"additionalProperties\": false}", keys);
    }

    /** Returns the type of a map of keys with a schema of its own. */
    public static Type<MappingReader> section(String schema, Supplier<KeyTable<?>> keys) {
        Type<MappingReader> type = Type.of(MappingReader::section, () -> Shape.of(schema, ""));
        return type.with(keys);
    }

    /** Returns the type of a map of keys whose schema is among the definitions of the schemas. */
    public static Type<MappingReader> shared(String name, Supplier<KeyTable<?>> keys) {
        return section(ref(name), keys);
    }
}
