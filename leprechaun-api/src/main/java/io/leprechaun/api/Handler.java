package io.leprechaun.api;

import java.util.function.Function;

/**
 * A named command that a service answers.
 *
 * @param command the name as typed after the agent, {@code workers:list} for example; each {@code :} is a {@code /} in
 *     the route
 * @param access its effect: it reads, changes or administers
 * @param answer the function that answers; it may block, and refuses by throwing {@link ProblemException}
 */
public record Handler(String command, Access access, Function<Call, Reply> answer) {
    /** The answer to a command whose arguments have been parsed. */
    @FunctionalInterface
    public interface Answer {
        /**
         * Answers a call; may block.
         *
         * @param arguments the call's arguments, parsed as the list of verbs allows them
         * @throws ProblemException when it refuses
         */
        Reply to(Arguments arguments, Call call);
    }

    /**
     * Returns the handler of a form. It takes exactly the options and operands that the form names.
     *
     * @param form a form that the daemon answers
     */
    public static Handler of(Form form, Answer answer) {
        Route route = form.route().orElseThrow();
        return new Handler(route.command(), route.access(), call -> answer.to(form.parse(call.arguments()), call));
    }
}
