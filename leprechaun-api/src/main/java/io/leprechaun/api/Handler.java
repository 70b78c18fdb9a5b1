package io.leprechaun.api;

import java.util.function.Function;

/**
 * One named command that a service answers.
 *
 * @param command as typed after the agent, {@code workers:list} for example; each {@code :} is a {@code /} in the route
 * @param access whether it reads or changes
 * @param answer may block; refuses by throwing {@link ProblemException}
 */
public record Handler(String command, Access access, Function<Call, Reply> answer) {
    /** Answers a command whose arguments have been read. */
    @FunctionalInterface
    public interface Answer {
        /**
         * Answers; may block.
         *
         * @param arguments those of the call, as the list of verbs allows them
         * @throws ProblemException when it refuses
         */
        Reply to(Arguments arguments, Call call);
    }

    /**
     * The command of a form, which takes what the form names and nothing else.
     *
     * @param form one that the daemon answers
     */
    public static Handler of(Form form, Answer answer) {
        Route route = form.route().orElseThrow();
        return new Handler(route.command(), route.access(), call -> answer.to(form.parse(call.arguments()), call));
    }
}
