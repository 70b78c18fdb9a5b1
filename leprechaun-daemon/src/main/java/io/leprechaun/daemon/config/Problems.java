package io.leprechaun.daemon.config;

import java.util.ArrayList;
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

    /** Everything found so far, in the order of finding. */
    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** What keeps files from being used. */
    public List<Problem> errors() {
        return found.stream().filter(Problem::isError).toList();
    }

    /** Whether something keeps a file from being used. */
    public boolean hasErrors() {
        return found.stream().anyMatch(Problem::isError);
    }
}
