package io.leprechaun.daemon.keys;

/** The texts on a key for the schemas, the documentation and the shipped settings. */
final class KeyText {
    private KeyText() {}

    /** Returns the description in a schema: meaning, range and default. */
    static String description(Key<?> key) {
        return (plain(key.description()) + range(key) + unless(key)).strip();
    }

    /** Returns a sentence without links, which only the documentation has. */
    static String plain(String sentence) {
        return sentence.replaceAll(",? see \\[[^]]*]\\([^)]*\\)", "").replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
    }

    private static String range(Key<?> key) {
        String range = key.type().form().get().range();
        return range.isEmpty() ? "" : " " + range + ".";
    }

    /** Returns a sentence on the value that holds where the key is absent; empty: there is none. */
    static String unless(Key<?> key) {
        if (!key.fallback().isEmpty()) {
            return " Default: " + plain(key.fallback()) + ".";
        }
        return usual(key).isEmpty() ? "" : " Default " + usual(key) + ".";
    }

    /** Returns the default as it is written; empty: the key has no fixed default. */
    static <T> String usual(Key<T> key) {
        return key.preset().map(key::written).orElse("");
    }
}
