package io.leprechaun.daemon.yaml;

import java.util.Collection;
import java.util.Optional;

/** Suggestions for misspelt words. */
public final class Nearest {
    private Nearest() {}

    /** Returns the known word that is nearest to a misspelt word; empty where none is near. */
    public static Optional<String> to(String word, Collection<String> known) {
        return io.leprechaun.api.Nearest.to(word, known).stream().findFirst();
    }

    /** Returns {@code ; did you mean 'x'?}, or the list of known words where none is near. */
    static String hint(String word, Collection<String> known) {
        return to(word, known)
                .map(k -> "; did you mean '" + k + "'?")
                .orElseGet(() -> "; use one of " + String.join(", ", known));
    }
}
