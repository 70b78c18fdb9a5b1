package io.leprechaun.daemon.hook;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of a delivery, by which a repetition of it is recognised.
 *
 * @param id the sender's id; empty: the sender gives none, or the recipe wants none
 * @param body the hash of the signed text, where it covers no id: a captured delivery can be sent under any id, or
 *     under none. Empty where the signature covers an id
 */
public record DeliveryKeys(Optional<String> id, Optional<String> body) {
    /** The names of a delivery that is always new. */
    public static final DeliveryKeys NONE = new DeliveryKeys(Optional.empty(), Optional.empty());

    /**
     * Returns the names that are stored with the delivery's run. A body without an id is not stored: a sender without
     * ids may send equal bodies and mean each.
     */
    public List<String> kept() {
        return id.isEmpty()
                ? List.of()
                : Stream.of(id, body).flatMap(Optional::stream).toList();
    }
}
