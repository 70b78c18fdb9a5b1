package io.leprechaun.daemon.notify;

import java.util.List;

/**
 * What the past of a recipe adds to how one of its runs ended.
 *
 * @param standing whether it is the first failure or one of many, in sentences
 * @param changes what is not as it was when the recipe last succeeded, the likeliest cause first
 */
record Background(List<String> standing, List<Change> changes) {
    /** Nothing is known. */
    static final Background NONE = new Background(List.of(), List.of());

    /**
     * Something that was changed.
     *
     * @param lines what is gone after {@code -}, what is new after {@code +}; may be empty
     */
    record Change(String sentence, List<String> lines) {
        Change {
            lines = List.copyOf(lines);
        }
    }

    Background {
        standing = List.copyOf(standing);
        changes = List.copyOf(changes);
    }
}
