package io.leprechaun.daemon.hook;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A value of a delivery that the steps get.
 *
 * @param name as the recipe writes it
 * @param max how long it may be, in bytes of UTF-8, from 1
 * @param required whether a delivery without it is refused
 */
public record Parameter(String name, Source source, int max, boolean required) {
    /** Its variable behind {@code LEPRECHAUN_PARAM_}. */
    public String variable() {
        return variable(name);
    }

    /** The variable of a name. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    /**
     * Its value in a delivery.
     *
     * @throws UnreadableException when it is missing, too long, or none that a variable can hold
     */
    Optional<String> value(Delivery delivery) {
        Optional<String> value = source.find(delivery);
        if (value.isEmpty() && required) {
            throw new UnreadableException("the value for " + name + " is missing (" + source + ")");
        }
        return value.map(text -> {
            Texts.variable(text, "the value for " + name);
            if (text.getBytes(StandardCharsets.UTF_8).length > max) {
                throw new UnreadableException("the value for " + name + " is longer than " + max + " bytes");
            }
            return text;
        });
    }
}
