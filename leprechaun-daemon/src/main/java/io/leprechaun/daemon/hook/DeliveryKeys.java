package io.leprechaun.daemon.hook;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of a delivery, by which it is known when it comes again.
 *
 * @param id the sender's; empty: it gives none, or the recipe wants none
 * @param body the hash of what is signed, where no id is: whoever has captured the delivery can send it under any id, or under none. Empty where the signature covers an id
 */
public record DeliveryKeys(Optional<String> id, Optional<String> body) {
    /** A delivery that is new whenever it comes. */
    public static final DeliveryKeys NONE = new DeliveryKeys(Optional.empty(), Optional.empty());

    /** The names that are kept with the delivery's run. A body without an id is not: a sender that gives no ids may send equal bodies and mean each. */
    public List<String> kept() {
        return id.isEmpty()
                ? List.of()
                : Stream.of(id, body).flatMap(Optional::stream).toList();
    }
}
