package io.leprechaun.daemon.hook;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A value of a delivery that is passed to the steps.
 *
 * @param name the name in the recipe
 * @param max the largest size, in bytes of UTF-8, from 1
 * @param required whether a delivery without it is refused
 */
public record Parameter(String name, Source source, int max, boolean required) {
    /** The largest size of a value, in bytes: Linux takes 128 KiB for one variable with its name. */
    public static final int LONGEST = 64 * 1024;

    /** Returns whether a text can be a parameter's name. */
    public static boolean isName(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]{0,63}");
    }

    /** Returns the name of its variable after {@code LEPRECHAUN_PARAM_}. */
    public String variable() {
        return variable(name);
    }

    /** Returns the variable of a name. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    /**
     * Returns its value in a delivery.
     *
     * @throws UnreadableException when it is missing though required, too long, or contains characters that a variable
     *     cannot hold
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
