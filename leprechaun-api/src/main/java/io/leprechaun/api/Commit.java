package io.leprechaun.api;

import java.util.Optional;

/**
 * The commit that a tree was built from.
 *
 * @param id abbreviated, with a + where files were changed since
 * @param date when it was committed, 2026-12-24 for example
 */
public record Commit(String id, String date) {
    /** The file in the tree that tells it, written by the build. It is not there where the build knew no repository. */
    public static final String FILE = "lib/commit";

    /** Reads the file's text; empty where it is of another form. */
    public static Optional<Commit> parse(String text) {
        String[] words = text.strip().split(" ", -1);
        return words.length == 2
                        && words[0].matches("[0-9a-f]{7,64}\\+?")
                        && words[1].matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")
                ? Optional.of(new Commit(words[0], words[1]))
                : Optional.empty();
    }

    /** What a program says of its version. */
    public static String sentence(String program, String version, Optional<Commit> commit, String java) {
        String of = commit.map(known -> "commit " + known.id() + " of " + known.date() + ", ")
                .orElse("");
        return program + " " + version + " (" + of + "Java " + java + ")";
    }
}
