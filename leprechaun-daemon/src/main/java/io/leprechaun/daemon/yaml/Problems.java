package io.leprechaun.daemon.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The problems of files, collected so that all are reported at once. The first {@link #MOST} errors and as many
 * warnings of each file are kept, and the others counted. Not thread-safe: one reader fills it.
 */
public final class Problems {
    /** The largest number of errors of one file that are kept, and of warnings. */
    public static final int MOST = 100;

    /** The problems by file, in the order of reading. */
    private final Map<Path, OfFile> files = new LinkedHashMap<>();

    private boolean passing;

    /** The problems of one file. */
    private static final class OfFile {
        private final List<Problem> kept = new ArrayList<>();
        private int errors;
        private int warnings;
        private boolean isCut;

        /** Counts one more, and returns whether it is to be kept. */
        boolean count(Problem.Severity severity) {
            return (severity == Problem.Severity.ERROR ? ++errors : ++warnings) <= MOST;
        }

        /** Returns the kept problems by line and column, and then the number of further ones. */
        Stream<Problem> all() {
            List<Problem> sorted = kept.stream()
                    .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                    .toList();
            var more = new ArrayList<Problem>();
            if (isCut) {
                more.add(last(Problem.Severity.ERROR, "the rest of the file was not read; correct these errors first"));
            } else if (errors > MOST) {
                more.add(
                        last(Problem.Severity.ERROR, "… and " + (errors - MOST) + " more; correct these errors first"));
            }
            if (warnings > MOST) {
                more.add(last(Problem.Severity.WARNING, "… and " + (warnings - MOST) + " more warnings"));
            }
            return Stream.concat(sorted.stream(), more.stream());
        }

        private Problem last(Problem.Severity severity, String message) {
            Problem last = kept.getLast();
            return new Problem(last.file(), last.line(), last.column(), severity, message);
        }
    }

    /** Notes an error that may pass by itself, so that the file should be read again later. */
    public void passing(Place place, String message) {
        passing = true;
        error(place, message);
    }

    /** Returns whether an error may pass by itself. */
    public boolean mayPass() {
        return passing;
    }

    /** Notes an error: the file is not used. */
    public void error(Place place, String message) {
        error(place, () -> message);
    }

    /** Notes an error whose message takes a while to make; it is made only when it is kept. */
    void error(Place place, Supplier<String> message) {
        add(place, Problem.Severity.ERROR, message);
    }

    /** Notes a warning: the file is used. */
    public void warn(Place place, String message) {
        add(place, Problem.Severity.WARNING, () -> message);
    }

    private void add(Place place, Problem.Severity severity, Supplier<String> message) {
        OfFile file = files.computeIfAbsent(place.file(), _ -> new OfFile());
        if (file.count(severity)) {
            String where = place.path().isEmpty() ? "" : place.path() + ": ";
            file.kept.add(new Problem(place.file(), place.line(), place.column(), severity, where + message.get()));
        }
    }

    /** Returns whether no further error of a file is kept. */
    boolean isFull(Path file) {
        OfFile known = files.get(file);
        return known != null && known.errors >= MOST;
    }

    /** Notes that a file was not read to its end because it {@linkplain #isFull is full}. */
    void cut(Path file) {
        files.computeIfAbsent(file, _ -> new OfFile()).isCut = true;
    }

    /** Returns the problems found so far: by file in the order of reading, and by line and column in a file. */
    public List<Problem> all() {
        return files.values().stream().flatMap(OfFile::all).toList();
    }

    /** Returns the errors found so far. */
    public List<Problem> errors() {
        return all().stream().filter(Problem::isError).toList();
    }

    /** Returns whether there is an error. */
    public boolean hasErrors() {
        return files.values().stream().anyMatch(file -> file.errors > 0);
    }

    /** Returns whether a line has an error already. */
    boolean hasError(Place place) {
        OfFile file = files.get(place.file());
        return file != null && file.kept.stream().anyMatch(p -> p.isError() && p.line() == place.line());
    }
}
