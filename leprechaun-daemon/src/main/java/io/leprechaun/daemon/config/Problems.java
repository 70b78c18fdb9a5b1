package io.leprechaun.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything that is wrong, so that it is said at once. Not thread-safe: one reader fills it. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Notes what keeps a file from being used. */
    public void error(Place place, String message) {
        add(place, Problem.Severity.ERROR, message);
    }

    /** Notes what is suspicious. */
    public void warn(Place place, String message) {
        add(place, Problem.Severity.WARNING, message);
    }

    private void add(Place place, Problem.Severity severity, String message) {
        String where = place.path().isEmpty() ? "" : place.path() + ": ";
        found.add(new Problem(place.file(), place.line(), place.column(), severity, where + message));
    }

    /** Everything found so far: by file in the order of reading, and by line and column in a file. */
    public List<Problem> all() {
        List<Path> files = found.stream().map(Problem::file).distinct().toList();
        return found.stream()
                .sorted(Comparator.comparingInt((Problem p) -> files.indexOf(p.file()))
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column))
                .toList();
    }

    /** What keeps files from being used. */
    public List<Problem> errors() {
        return all().stream().filter(Problem::isError).toList();
    }

    /** Whether something keeps a file from being used. */
    public boolean hasErrors() {
        return found.stream().anyMatch(Problem::isError);
    }

    /** Whether a line has an error already. */
    boolean hasError(Place place) {
        return found.stream().anyMatch(p -> p.isError() && p.file().equals(place.file()) && p.line() == place.line());
    }
}
