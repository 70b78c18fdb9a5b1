package io.leprechaun.api;

/**
 * An option of a verb. Immutable.
 *
 * @param name as typed, dashes included
 * @param value the name of its value, {@code TIME} for example; empty: it takes none
 * @param meaning for people; empty: it is not documented
 * @param form the {@linkplain Form#word() form} that takes it; empty: each form does
 */
public record Option(String name, String value, String meaning, String form) {
    /** The {@link #form()} of options that the client takes out before it asks the daemon. */
    private static final String CLIENT = "client";

    /** An option without a value. */
    public static Option flag(String name, String meaning) {
        return new Option(name, "", meaning, "");
    }

    /** An option with a value. */
    public static Option valued(String name, String value, String meaning) {
        return new Option(name, value, meaning, "");
    }

    /** The same, taken by one form alone. */
    Option only(String word) {
        return new Option(name, value, meaning, word);
    }

    /** The same, for the client alone. */
    Option clients() {
        return only(CLIENT);
    }

    /** Whether it takes a value. */
    public boolean isValued() {
        return !value.isEmpty();
    }

    /** Whether help, the manual page and completion show it. */
    public boolean isDocumented() {
        return !meaning.isEmpty();
    }

    boolean isOf(Form wanted) {
        return form.isEmpty() || form.equals(wanted.word());
    }

    /** {@code --since TIME}. */
    public String synopsis() {
        return isValued() ? name + " " + value : name;
    }
}
