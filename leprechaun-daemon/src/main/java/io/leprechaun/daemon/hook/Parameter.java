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
    /** How long a value may be at most, in bytes: Linux takes 128 KiB for one variable with its name. */
    public static final int LONGEST = 64 * 1024;

    /** Whether a text can be a parameter's name. */
    public static boolean isName(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]{0,63}");
    }

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
