package io.leprechaun.api;

/**
 * An option of a verb. Immutable.
 *
 * @param name the name as typed, dashes included
 * @param value the name of its value, {@code TIME} for example; empty: the option takes no value
 * @param meaning the description for users; empty: the option is not documented
 * @param form the {@linkplain Form#word() form} that takes it; empty: all forms do
 */
public record Option(String name, String value, String meaning, String form) {
    /** The {@link #form()} of options that the client removes before it asks the daemon. */
    private static final String CLIENT = "client";
    /** The {@link #form()} of options for the form that no word selects. */
    private static final String WITHOUT_WORD = "none";

    /** Returns an option without a value. */
    public static Option flag(String name, String meaning) {
        return new Option(name, "", meaning, "");
    }

    /** Returns an option with a value. */
    public static Option valued(String name, String value, String meaning) {
        return new Option(name, value, meaning, "");
    }

    /** Returns the same option, taken by one form alone. */
    Option only(String word) {
        return new Option(name, value, meaning, word);
    }

    /** Returns the same option, taken by the form alone that no word selects. */
    Option withoutWord() {
        return only(WITHOUT_WORD);
    }

    /** Returns the same option, for the client alone. */
    Option clients() {
        return only(CLIENT);
    }

    /** Returns whether the option takes a value. */
    public boolean isValued() {
        return !value.isEmpty();
    }

    /** Returns whether help, the manual page and completion show the option. */
    public boolean isDocumented() {
        return !meaning.isEmpty();
    }

    /** Returns whether the client removes the option before it asks the daemon. */
    boolean isClients() {
        return form.equals(CLIENT);
    }

    boolean isOf(Form wanted) {
        return form.isEmpty()
                || form.equals(wanted.word())
                || form.equals(WITHOUT_WORD) && wanted.word().isEmpty()
                || isClients();
    }

    /** Returns the option with its value's name: {@code --since TIME}. */
    public String synopsis() {
        return isValued() ? name + " " + value : name;
    }
}
