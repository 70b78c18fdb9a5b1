package io.leprechaun.daemon.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The parser of one YAML document into {@link Value}s. It reads the events of the library, before YAML gives scalars a
 * type and while a lone {@code !} is still visible. Anchors, aliases, tags, duplicate keys and further documents are
 * refused. Time and memory are bounded by the file's size.
 */
public final class YamlParser {
    /** The largest depth to which lists and maps may be nested. */
    public static final int DEEPEST = 20;

    private static final int LONGEST_PATH = 100;

    private final YamlText source;
    private final int[] characters;
    private final Problems problems;
    private final Parser events;

    private YamlParser(YamlText source, Problems problems) {
        this.source = source;
        this.characters = source.text().codePoints().toArray();
        this.problems = problems;
        // Not through Yaml, which prepares for objects, too: that is a seventh of the time that many recipes take.
        this.events = new ParserImpl(new StreamReader(source.text()), new LoaderOptions());
    }

    /**
     * Returns the document's map; an empty document is an empty map. Empty when the file is not YAML, or not a map:
     * that is noted.
     */
    public static Optional<Value.Mapping> parse(YamlText source, Problems problems) {
        try {
            return new YamlParser(source, problems).document();
        } catch (MarkedYAMLException e) {
            Place place = YamlErrors.place(source, e);
            if (!problems.hasError(place)
                    && !YamlErrors.oddBlank(source, problems)) { // else it is the cause of the other error
                problems.error(place, YamlErrors.message(source, e));
            }
        } catch (YAMLException e) { // the library knows no place for it
            problems.error(Place.of(source.file()), YamlErrors.UNEXPECTED);
        } catch (TooMuch e) {
            e.reason.ifPresentOrElse(reason -> problems.error(e.place, reason), () -> problems.cut(source.file()));
        }
        return Optional.empty();
    }

    private Optional<Value.Mapping> document() {
        events.getEvent(); // the stream's start
        Event first = events.getEvent();
        Place top = Place.of(source.file());
        if (first instanceof StreamEndEvent) {
            return Optional.of(new Value.Mapping(top, new LinkedHashMap<>(), Value.Line.NONE));
        }
        Value root = value(events.getEvent(), "", 1);
        events.getEvent(); // the document's end
        Event after = events.getEvent();
        if (after instanceof DocumentStartEvent) {
            problems.error(
                    place(after.getStartMark(), ""),
                    "a second YAML document begins here; use one file for each document");
            return Optional.empty();
        }
        return switch (root) {
            case Value.Mapping mapping -> Optional.of(mapping);
            case Value.Scalar scalar
            when scalar.isAbsent() -> Optional.of(new Value.Mapping(top, new LinkedHashMap<>(), Value.Line.NONE));
            case Value.Scalar scalar -> refuse(scalar);
            case Value.Items items -> refuse(items);
            case Value.RefusedValue _ -> Optional.empty();
        };
    }

    private Optional<Value.Mapping> refuse(Value root) {
        problems.error(
                root.place(), "the file contains " + root.kind() + "; use keys with values, such as `name: backup`");
        return Optional.empty();
    }

    private Value value(Event event, String path, int depth) {
        Place place = place(event.getStartMark(), path);
        if (depth > DEEPEST) {
            throw new TooMuch(
                    place, Optional.of("lists and maps are nested more than " + DEEPEST + " deep; use fewer levels"));
        }
        if (problems.isFull(source.file())) {
            throw new TooMuch(place, Optional.empty());
        }
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
            boolean alias = node instanceof AliasEvent;
            String fix = alias
                    ? "quote the text: " + YamlErrors.quoted(rest(event.getStartMark()))
                    : "remove `&" + node.getAnchor() + "`";
            problems.error(
                    place,
                    (alias ? "`*` begins an alias" : "`&` begins an anchor") + " in YAML, which is refused; " + fix);
        }
        return switch (event) {
            case AliasEvent _ -> new Value.RefusedValue(place);
            case ScalarEvent scalar -> scalar(scalar, place);
            case SequenceStartEvent list -> items(list, place, path, depth);
            case MappingStartEvent map -> mapping(map, place, path, depth);
            default -> throw new IllegalStateException("not a value: " + event);
        };
    }

    private Value scalar(ScalarEvent event, Place place) {
        if (refuseTag(event.getTag(), event.getStartMark(), place, true)) {
            return new Value.RefusedValue(place);
        }
        if (event.getScalarStyle() == ScalarStyle.PLAIN
                && OddBlank.sentence(event.getValue()).isPresent()) {
            problems.error(place, OddBlank.sentence(event.getValue()).get());
            return new Value.RefusedValue(place);
        }
        Mark end = event.getEndMark();
        Value.Scalar.ScalarForm form = switch (event.getScalarStyle()) {
            case PLAIN -> Value.Scalar.ScalarForm.PLAIN;
            case SINGLE_QUOTED, DOUBLE_QUOTED, JSON_SCALAR_STYLE -> Value.Scalar.ScalarForm.QUOTED;
            case LITERAL, FOLDED -> Value.Scalar.ScalarForm.BLOCK;
        };
        int lines = end.getLine() - event.getStartMark().getLine() + 1;
        boolean commented = event.getScalarStyle() != ScalarStyle.LITERAL
                && rest(end).stripLeading().startsWith("#");
        return new Value.Scalar(
                place, event.getValue(), form, event.getTag() != null, lines, commented, line(event.getStartMark()));
    }

    private Value items(SequenceStartEvent event, Place place, String path, int depth) {
        boolean refused = refuseTag(event.getTag(), event.getStartMark(), place, false);
        var values = new ArrayList<Value>();
        for (Event next = events.getEvent(); !next.is(Event.ID.SequenceEnd); next = events.getEvent()) {
            values.add(value(next, below(path, "[" + (values.size() + 1) + "]"), depth + 1));
        }
        return refused ? new Value.RefusedValue(place) : new Value.Items(place, values, line(event.getStartMark()));
    }

    private Value mapping(MappingStartEvent event, Place place, String path, int depth) {
        boolean refused = refuseTag(event.getTag(), event.getStartMark(), place, false);
        var entries = new LinkedHashMap<String, Value.Entry>();
        for (Event next = events.getEvent(); !next.is(Event.ID.MappingEnd); next = events.getEvent()) {
            Value key = value(next, path, depth + 1);
            String name = key instanceof Value.Scalar scalar ? (scalar.marked() ? "! " : "") + scalar.text() : "?";
            String valuePath = below(path, path.isEmpty() ? name : "." + name);
            Value value = value(events.getEvent(), valuePath, depth + 1);
            if (key instanceof Value.RefusedValue && problems.hasError(key.place())) {
                continue; // the reason is noted already
            } else if (!(key instanceof Value.Scalar)) {
                problems.error(key.place(), "a key must be a text; quote it if it is one");
            } else if (entries.containsKey(name)) {
                int before = entries.get(name).key().line();
                problems.error(
                        key.place().named(valuePath), "duplicate key (first on line " + before + "); remove one");
            } else {
                entries.put(name, new Value.Entry(key.place().named(valuePath), value));
            }
        }
        return refused ? new Value.RefusedValue(place) : new Value.Mapping(place, entries, line(event.getStartMark()));
    }

    /**
     * Refuses every tag but a lone {@code !} before a text. That is the marker of steps, and the reader of the text
     * decides on it.
     */
    private boolean refuseTag(@Nullable String tag, Mark start, Place place, boolean mayBeMarked) {
        if (tag == null || mayBeMarked && tag.equals("!")) {
            return false;
        }
        String line = rest(start);
        String word = line.split("\\s", 2)[0];
        String fix = word.length() > 1 && !word.startsWith("!!")
                ? "use `! " + line.substring(1).strip() + "` for the marker, or quote"
                : "quote";
        problems.error(
                place,
                "`" + word + "` is a YAML tag, which is refused; " + fix + " the text: " + YamlErrors.quoted(line));
        return true;
    }

    /**
     * Returns the path of a name below another path. Bounded, so that many values below long keys stay cheap: a name
     * without room is left out.
     */
    private static String below(String path, String name) {
        if (path.length() + name.length() <= LONGEST_PATH) {
            return path + name;
        }
        return path.isEmpty() ? name.substring(0, LONGEST_PATH) : path;
    }

    private Place place(Mark mark, String path) {
        return new Place(source.file(), mark.getLine() + 1, mark.getColumn() + 1, path);
    }

    /** Returns the text of the file from a mark to the end of its line. */
    private Value.Line line(Mark mark) {
        return new Value.Line(characters, Math.min(mark.getIndex(), characters.length));
    }

    private String rest(Mark mark) {
        return line(mark).toString();
    }

    /** The end of the reading of a file, with a reason unless the problems before are reason enough. */
    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Place place;
        private final transient Optional<String> reason;

        TooMuch(Place place, Optional<String> reason) {
            this.place = place;
            this.reason = reason;
        }
    }
}
