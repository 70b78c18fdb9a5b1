package io.leprechaun.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A way to use a verb, answered by one class. Immutable.
 *
 * @param word the word that selects it: the first argument, {@code test} for example, or an option, {@code --pattern}
 *     for example; empty: all arguments that no other form takes
 * @param place the program that answers it
 * @param route the route at which the daemon answers; empty: the daemon does not answer it
 * @param options all options that it takes, undocumented ones included
 * @param operands the largest number of operands that it takes
 */
public record Form(String word, AnsweredBy place, Optional<Route> route, List<Option> options, int operands) {
    public Form {
        options = List.copyOf(options);
    }

    static Form of(AnsweredBy place, String registrator, String command, Access access, int operands) {
        return new Form("", place, Optional.of(new Route(registrator, command, access)), List.of(), operands);
    }

    static Form reads(String registrator, String command, int operands) {
        return of(AnsweredBy.DAEMON, registrator, command, Access.READ, operands);
    }

    static Form changes(String registrator, String command, int operands) {
        return of(AnsweredBy.DAEMON, registrator, command, Access.CHANGE, operands);
    }

    static Form administers(String registrator, String command, int operands) {
        return of(AnsweredBy.DAEMON, registrator, command, Access.ADMINISTER, operands);
    }

    /** Returns a form that the daemon does not answer. */
    static Form at(AnsweredBy place, int operands) {
        return new Form("", place, Optional.empty(), List.of(), operands);
    }

    /** Returns the same form, answered offline if no daemon runs. */
    Form orOffline() {
        return new Form(word, AnsweredBy.DAEMON_OR_OFFLINE, route, options, operands);
    }

    /** Returns the same form, open also to users with recipes of their own. */
    Form forOwners() {
        return new Form(
                word,
                place,
                route.map(known -> new Route(known.registrator(), known.command(), known.access(), true)),
                options,
                operands);
    }

    /** Returns whether users may use it for recipes of their own. */
    public boolean isForOwners() {
        return route.filter(Route::forOwners).isPresent();
    }

    /** Returns the same form, selected by a word. */
    Form by(String selector) {
        return new Form(selector, place, route, options, operands);
    }

    /** Returns the same form with those of a verb's options that it takes. */
    Form taking(List<Option> all) {
        var own = new ArrayList<Option>(all.size());
        for (Option option : all) {
            if (option.isOf(this)) {
                own.add(option);
            }
        }
        return new Form(word, place, route, own, operands);
    }

    /** Returns whether its word is a first argument and not an option. */
    public boolean isSubcommand() {
        return !word.isEmpty() && !word.startsWith("-");
    }

    boolean isAnsweredBy(String registrator, String command) {
        return route.filter(known -> known.registrator().equals(registrator)
                        && known.command().equals(command))
                .isPresent();
    }

    boolean isAskedBy(List<String> arguments) {
        if (isSubcommand()) {
            return !arguments.isEmpty() && arguments.getFirst().equals(word);
        }
        return word.isEmpty()
                || arguments.stream().anyMatch(argument -> argument.equals(word) || argument.startsWith(word + "="));
    }

    /** Returns the arguments of a verb without the word that selects this form. */
    public List<String> behindWord(List<String> arguments) {
        return isSubcommand() ? arguments.subList(1, arguments.size()) : arguments;
    }

    /**
     * Parses arguments, given without the word that selects this form.
     *
     * @throws ProblemException (usage) for an option or operand that the form does not take
     */
    public Arguments parse(List<String> arguments) {
        return Arguments.parse(arguments, options, operands);
    }
}
