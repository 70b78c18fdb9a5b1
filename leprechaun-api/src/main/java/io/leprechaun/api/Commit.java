package io.leprechaun.api;

import java.util.Optional;

/**
 * The commit that a tree was built from.
 *
 * @param id the abbreviated id, with a + where files were changed since
 * @param date the day of the commit, 2026-12-24 for example
 */
public record Commit(String id, String date) {
    /**
     * The file in the tree that names the commit, written by the build. It is missing where the build knew no
     * repository.
     */
    public static final String FILE = "lib/commit";

    /** Parses the file's text; empty where it has another form. */
    public static Optional<Commit> parse(String text) {
        String[] words = text.strip().split(" ", -1);
        return words.length == 2
                        && words[0].matches("[0-9a-f]{7,64}\\+?")
                        && words[1].matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")
                ? Optional.of(new Commit(words[0], words[1]))
                : Optional.empty();
    }

    /** Returns the sentence in which a program reports its version. */
    public static String sentence(String program, String version, Optional<Commit> commit, String java) {
        String of = commit.map(known -> "commit " + known.id() + " of " + known.date() + ", ")
                .orElse("");
        return program + " " + version + " (" + of + "Java " + java + ")";
    }
}
