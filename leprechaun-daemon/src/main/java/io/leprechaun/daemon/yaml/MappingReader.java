package io.leprechaun.daemon.yaml;

import io.leprechaun.daemon.posix.Limits;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A reader of the keys of one map. A value that is absent, or invalid and therefore noted, is empty. Every key that was
 * asked for is known: {@link #done()} notes the others. Not thread-safe.
 */
public final class MappingReader {
    /** The parser of a text. */
    @FunctionalInterface
    public interface Parse<T> {
        /**
         * Returns the value of a text.
         *
         * @throws IllegalArgumentException when the text is invalid; its message names the allowed values
         */
        T from(String text);
    }

    /**
     * The rules for the name of a user or a group, for messages. By systemd's rule, such a name cannot be mistaken for
     * something else.
     */
    public static final String ACCOUNTS =
            "use up to 256 characters, without `:`, `/`, comma or control character, and no space at an end";

    private static final int LONGEST_ACCOUNT = 256;

    /** A whole number of hours from UTC, as users write it. */
    private static final Pattern OFFSET = Pattern.compile("(?:UTC|GMT|Z)?([+-])0?([1-9]|1[0-2])(?::?00)?");

    private final Value.Mapping mapping;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> refused = new HashSet<>();

    public MappingReader(Value.Mapping mapping, Problems problems) {
        this.mapping = mapping;
        this.problems = problems;
    }

    /** Returns the beginning of the map. */
    public Place place() {
        return mapping.place();
    }

    /** Returns the place of a key of the map; the beginning of the map when the key is absent. */
    public Place place(String key) {
        Value.Entry entry = mapping.entries().get(key);
        return entry == null ? mapping.place() : entry.key();
    }

    /** Returns the keys of the map, in their order. */
    public List<String> keys() {
        return List.copyOf(mapping.entries().keySet());
    }

    /** Returns whether the map has the key, with a valid value or not. */
    public boolean has(String key) {
        known.add(key);
        return mapping.entries().containsKey(key);
    }

    /** Returns the value of a key as it is written. */
    public Optional<Value> value(String key) {
        known.add(key);
        return Optional.ofNullable(mapping.entries().get(key)).map(Value.Entry::value);
    }

    /** Returns a text that is not empty. */
    public Optional<String> text(String key) {
        return read(key, text -> text);
    }

    /** Returns the parsed text of a key. */
    public <T> Optional<T> read(String key, Parse<T> parse) {
        return value(key).flatMap(value -> read(value, parse));
    }

    /** Returns the parsed text of a value. A value that is not a text, is empty or is invalid is noted. */
    public <T> Optional<T> read(Value value, Parse<T> parse) {
        if (value instanceof Value.RefusedValue) {
            return Optional.empty();
        }
        if (!(value instanceof Value.Scalar scalar)) {
            problems.error(value.place(), value.kind() + " is not allowed; use a single text");
        } else if (scalar.marked()) {
            problems.error(
                    value.place(),
                    "`!` begins a YAML tag, which is refused; quote the text: "
                            + YamlErrors.quoted("! " + scalar.text()));
        } else if (scalar.text().isBlank()) {
            problems.error(value.place(), "missing value; add one, or remove the key");
        } else {
            try {
                return Optional.of(parse.from(scalar.text()));
            } catch (IllegalArgumentException e) {
                problems.error(value.place(), String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** Returns a whole number between two limits. */
    public Optional<Integer> integer(String key, int min, int max) {
        return read(key, text -> whole(text, min, max));
    }

    /** @throws IllegalArgumentException when the text is not a whole number, or not between the limits */
    public static int whole(String text, int min, int max) {
        if (!text.matches("-?[0-9]{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(
                    "invalid number '" + text + "': use a whole number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    /** Returns the parsed text of a key; an empty value for {@code none}. */
    public <T> Optional<Optional<T>> unlessNone(String key, Parse<T> parse) {
        return read(key, text -> text.equals("none") ? Optional.<T>empty() : Optional.of(parse.from(text)));
    }

    /** Returns {@code true} or {@code false}; YAML's other words for them count, too. */
    public Optional<Boolean> flag(String key) {
        return read(key, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("invalid value '" + text + "': use true or false");
        });
    }

    /** Returns a span of time between two limits. */
    public Optional<Duration> duration(String key, Duration min, Duration max) {
        return read(key, text -> between(text, min, max));
    }

    /** @throws IllegalArgumentException when the text is not a span of time, or not between the limits */
    public static Duration between(String text, Duration min, Duration max) {
        Duration span = Durations.parse(text);
        if (span.compareTo(min) < 0 || span.compareTo(max) > 0) {
            String range = Durations.format(min) + " to " + Durations.format(max);
            throw new IllegalArgumentException("'" + text + "' is out of range; use " + range);
        }
        return span;
    }

    /** Returns an amount of data, in bytes. */
    public Optional<Long> size(String key, long min, long max) {
        return read(key, text -> bytes(text, min, max));
    }

    /** @throws IllegalArgumentException when the text is not an amount of data, or not between the limits */
    public static long bytes(String text, long min, long max) {
        long size = Sizes.parse(text);
        if (size < min || size > max) {
            throw new IllegalArgumentException("'" + text + "' is out of range; use at least " + Sizes.format(min));
        }
        return size;
    }

    /** Returns a user or a group, by name or number. Its existence is not checked. */
    public Optional<String> account(String key) {
        return read(key, text -> {
            if (!isAccount(text)) {
                throw new IllegalArgumentException("invalid user or group '" + text + "': " + ACCOUNTS);
            }
            return text;
        });
    }

    /**
     * Returns whether a text can be a user's or group's name or number. Names with blanks and backslashes are allowed,
     * too: those of a domain.
     */
    public static boolean isAccount(String text) {
        return text.length() <= LONGEST_ACCOUNT
                && text.matches("[^:/,\\p{Cc}]+")
                && !text.startsWith("-")
                && text.strip().equals(text);
    }

    /** Returns a time zone by its name in the tz database: the steps can get only such a name by {@code TZ}. */
    public Optional<ZoneId> zone(String key) {
        return read(key, MappingReader::zoned);
    }

    /** @throws IllegalArgumentException when the text is not the name of a time zone; its message suggests a name */
    public static ZoneId zoned(String text) {
        if (ZoneId.getAvailableZoneIds().contains(text)) {
            return ZoneId.of(text);
        }
        Matcher offset = OFFSET.matcher(text);
        String meant = offset.matches()
                ? "use the opposite sign for a fixed offset, Etc/GMT"
                        + (offset.group(1).equals("+") ? "-" : "+") + offset.group(2)
                : Nearest.to(text, ZoneId.getAvailableZoneIds())
                        .map(zone -> "did you mean '" + zone + "'?")
                        .orElse("use a name such as Europe/Berlin or UTC");
        throw new IllegalArgumentException("invalid time zone '" + text + "': " + meant);
    }

    /** Returns a path; a relative one starts from the folder of the file. */
    public Optional<Path> path(String key) {
        return read(key, text -> {
            if (text.startsWith("~")) {
                throw new IllegalArgumentException("`~` is not expanded; use an absolute path");
            }
            return place().file().toAbsolutePath().resolveSibling(text).normalize();
        });
    }

    /** Returns one of an enum's constants, written in lower case with {@code -} for {@code _}. */
    public <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
        return read(key, text -> oneOf(text, type));
    }

    /** @throws IllegalArgumentException when the text names none of the constants */
    public static <E extends Enum<E>> E oneOf(String text, Class<E> type) {
        return oneOf(text, List.of(type.getEnumConstants()));
    }

    /**
     * Returns one of some constants, which messages name.
     *
     * @throws IllegalArgumentException when the text names none of them
     */
    public static <E extends Enum<E>> E oneOf(String text, Collection<E> some) {
        return named(
                text,
                some.stream()
                        .collect(Collectors.toMap(
                                e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                e -> e,
                                (a, _) -> a,
                                LinkedHashMap::new)));
    }

    /**
     * Returns the value that a word stands for.
     *
     * @param all the values by their words, in the order in which messages name the words
     * @throws IllegalArgumentException when the text is none of the words
     */
    public static <E> E named(String text, Map<String, E> all) {
        E chosen = all.get(text);
        if (chosen == null) {
            throw new IllegalArgumentException("invalid value '" + text + "'" + Nearest.hint(text, all.keySet()));
        }
        return chosen;
    }

    /**
     * Returns a list of texts, or a single one; the error in each invalid one is noted. Empty only when the key is
     * absent or no text is valid.
     */
    public <T> List<T> list(String key, Parse<T> parse) {
        Optional<Value> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof Value.Items items)) {
            return read(value.get(), parse).map(List::of).orElse(List.of());
        }
        if (items.values().isEmpty()) {
            problems.error(items.place(), "empty list; add a value, or remove the key");
        }
        var parsed = new ArrayList<T>();
        items.values().forEach(item -> read(item, parse).ifPresent(parsed::add));
        return parsed;
    }

    /** Returns a list of texts or maps, or a single one; the error in each invalid one is noted. */
    public <T> List<T> list(String key, Parse<T> brief, Function<MappingReader, Optional<T>> whole) {
        Optional<Value> value = value(key);
        if (value.isEmpty() || value.get() instanceof Value.RefusedValue) {
            return List.of();
        }
        if (value.get() instanceof Value.Items items && items.values().isEmpty()) {
            problems.error(items.place(), "empty list; add a value, or remove the key");
        }
        List<Value> all = value.get() instanceof Value.Items items ? items.values() : List.of(value.get());
        var parsed = new ArrayList<T>();
        for (Value item : all) {
            if (item instanceof Value.Mapping map) {
                var fields = new MappingReader(map, problems);
                whole.apply(fields).ifPresent(parsed::add);
                fields.done();
            } else {
                read(item, brief).ifPresent(parsed::add);
            }
        }
        return parsed;
    }

    /** Returns a shell: the words before a step's text. */
    public Optional<List<String>> shell(String key) {
        Optional<Value> value = value(key);
        if (value.isEmpty() || value.get() instanceof Value.RefusedValue) {
            return Optional.empty();
        }
        List<String> words = value.get() instanceof Value.Items ? list(key, text -> text) : List.of();
        if (words.isEmpty() || !words.getFirst().startsWith("/")) {
            problems.error(
                    value.get().place(),
                    "invalid shell; use a list that begins with an absolute path, such as [/bin/sh, -c]");
            return Optional.empty();
        }
        return Optional.of(words);
    }

    /** Returns a map below this one; a key without a value is an empty map. */
    public Optional<MappingReader> section(String key) {
        return mapping(key).map(section -> new MappingReader(section, problems));
    }

    /** Returns a map below this one as it is written; a key without a value is an empty map. */
    public Optional<Value.Mapping> mapping(String key) {
        return value(key).flatMap(value -> switch (value) {
            case Value.Mapping section -> Optional.of(section);
            case Value.Scalar scalar
            when scalar.isAbsent() -> Optional.of(new Value.Mapping(scalar.place(), Map.of(), Value.Line.NONE));
            case Value.Scalar _, Value.Items _ -> {
                problems.error(value.place(), value.kind() + " is not allowed; use keys with values");
                yield Optional.empty();
            }
            case Value.RefusedValue _ -> Optional.empty();
        });
    }

    /** Returns the names of variables and their values. Names with the daemon's own prefix are errors. */
    public Map<String, String> environment(String key) {
        return variables(
                key,
                entry -> entry.value() instanceof Value.Scalar scalar
                                && !scalar.marked()
                                && scalar.text().isBlank()
                        ? Optional.of(scalar.text())
                        : read(entry.value(), text -> passable(entry.name() + "=", text)));
    }

    /**
     * Returns a text that the kernel accepts as the end of one word of a command or of an environment.
     *
     * @param before the text before it in that word
     * @throws IllegalArgumentException when the word is too long for every command
     */
    public static String passable(String before, String text) {
        int length = (before + text).getBytes(StandardCharsets.UTF_8).length;
        if (length > Limits.LONGEST_WORD) {
            throw new IllegalArgumentException("the argument has " + length + " bytes, and the kernel allows "
                    + Limits.LONGEST_WORD + "; put the text into a file");
        }
        return text;
    }

    /** Returns the section that names the place of a secret. */
    public Optional<MappingReader> secret(String key) {
        Optional<Value> value = value(key);
        if (value.isPresent() && value.get() instanceof Value.Scalar) {
            problems.error(
                    value.get().place(),
                    "a secret is not allowed in this file; use { file: PATH }, { env: NAME } or { credential: NAME }");
            return Optional.empty();
        }
        return section(key);
    }

    /** An entry of a section whose keys are names of environment variables. */
    public record VariableEntry(String name, Value value) {}

    /** Returns the entries of such a section as they are read; the problems with their names are noted. */
    public <T> Map<String, T> variables(String key, Function<VariableEntry, Optional<T>> read) {
        Optional<Value.Mapping> section = mapping(key);
        if (section.isEmpty()) {
            return Map.of();
        }
        var variables = new LinkedHashMap<String, T>();
        section.get().entries().forEach((name, entry) -> {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                problems.error(
                        entry.key(),
                        "invalid variable name '" + name + "': use letters, digits and _, without a digit first");
            } else if (name.startsWith("LEPRECHAUN_")) {
                problems.error(entry.key(), "names that begin with LEPRECHAUN_ are reserved; use another name");
            } else {
                read.apply(new VariableEntry(name, entry.value())).ifPresent(value -> variables.put(name, value));
            }
        });
        return variables;
    }

    /** Notes an error in the value of a key. */
    public void wrong(String key, String why) {
        problems.error(place(key), why);
    }

    /** Notes a warning about the value of a key. */
    public void suspect(String key, String why) {
        problems.warn(place(key), why);
    }

    /** Notes an error in the map. */
    public void wrong(String why) {
        problems.error(place(), why);
    }

    /** Notes an error for each of these keys that is set: the language has it, but this version does not support it. */
    public void notYet(String... keys) {
        refused.addAll(List.of(keys));
        for (String key : keys) {
            if (mapping.entries().containsKey(key)) {
                problems.error(place(key), "`" + key + "` is not in this version yet; remove it");
            }
        }
    }

    /** Notes an error for each of these keys that is set: the language has it, but it makes no sense here. */
    public void notHere(String why, String... keys) {
        refused.addAll(List.of(keys));
        for (String key : keys) {
            if (mapping.entries().containsKey(key)) {
                problems.error(place(key), why);
            }
        }
    }

    /** Notes every key that no call has asked for. */
    public void done() {
        done(Map.of());
    }

    /**
     * Notes every key that no call has asked for.
     *
     * @param advice the remedies for keys of other programs, by key in lower case with {@code _} for {@code -}
     */
    public void done(Map<String, String> advice) {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key) && !refused.contains(key)) {
                String instead = advice.get(key.toLowerCase(Locale.ROOT).replace('-', '_'));
                problems.error(
                        entry.key(),
                        () -> "unknown key '" + key + "'"
                                + (instead == null ? Nearest.hint(key, known) : "; " + instead));
            }
        });
    }
}
