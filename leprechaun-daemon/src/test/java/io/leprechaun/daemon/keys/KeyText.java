package io.leprechaun.daemon.keys;

/** What is said of a key, for the schemas, the documentation and the shipped settings. */
final class KeyText {
    private KeyText() {}

    /** The description in a schema: meaning, range and default. */
    static String description(Key<?> key) {
        return (plain(key.description()) + range(key) + unless(key)).strip();
    }

    /** A sentence without links, which only the documentation has. */
    static String plain(String sentence) {
        return sentence.replaceAll(",? see \\[[^]]*]\\([^)]*\\)", "").replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
    }

    private static String range(Key<?> key) {
        String range = key.type().form().get().range();
        return range.isEmpty() ? "" : " " + range + ".";
    }

    /** A sentence on what holds where the key is absent; empty: there is none. */
    static String unless(Key<?> key) {
        if (!key.fallback().isEmpty()) {
            return " Default: " + plain(key.fallback()) + ".";
        }
        return usual(key).isEmpty() ? "" : " Default " + usual(key) + ".";
    }

    /** The default as it is written; empty: there is none of a fixed value. */
    static <T> String usual(Key<T> key) {
        return key.preset().map(key::written).orElse("");
    }
}
