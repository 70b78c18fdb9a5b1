package io.leprechaun.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A way of using a verb: one class answers it. Immutable.
 *
 * @param word that selects it: the first argument, {@code test} for example, or an option, {@code --pattern} for example; empty: whatever no other form takes
 * @param place where it is answered
 * @param route of the daemon's answer; empty: the daemon does not answer it
 * @param options all that it takes, those that are not documented included
 * @param operands the most that it takes
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

    /** One that the daemon does not answer. */
    static Form at(AnsweredBy place, int operands) {
        return new Form("", place, Optional.empty(), List.of(), operands);
    }

    /** The same, answered without a daemon where none runs. */
    Form orOffline() {
        return new Form(word, AnsweredBy.DAEMON_OR_OFFLINE, route, options, operands);
    }

    /** The same, for users who have recipes of their own too. */
    Form forOwners() {
        return new Form(
                word,
                place,
                route.map(known -> new Route(known.registrator(), known.command(), known.access(), true)),
                options,
                operands);
    }

    /** Whether users may have it for recipes of their own. */
    public boolean isForOwners() {
        return route.filter(Route::forOwners).isPresent();
    }

    /** The same, selected by a word. */
    Form by(String selector) {
        return new Form(selector, place, route, options, operands);
    }

    /** The same with those of a verb's options that it takes. */
    Form taking(List<Option> all) {
        var own = new ArrayList<Option>(all.size());
        for (Option option : all) {
            if (option.isOf(this)) {
                own.add(option);
            }
        }
        return new Form(word, place, route, own, operands);
    }

    /** Whether its word is the first argument and no option. */
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

    /** The arguments of a verb without the word that selects this form. */
    public List<String> behindWord(List<String> arguments) {
        return isSubcommand() ? arguments.subList(1, arguments.size()) : arguments;
    }

    /**
     * Reads arguments, without the word that selects this form.
     *
     * @throws ProblemException (usage) for an option or operand that the form does not take
     */
    public Arguments parse(List<String> arguments) {
        return Arguments.parse(arguments, options, operands);
    }
}
