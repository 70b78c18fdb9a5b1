package io.leprechaun.daemon;

import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.history.StoreException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * A registrator that reports a fault of the store to the caller, and not a defect, when a command fails because of it.
 */
record StoreProblems(Registrator registrator) implements Registrator {
    @Override
    public String name() {
        return registrator.name();
    }

    @Override
    public List<Handler> handlers() {
        return registrator.handlers().stream()
                .map(handler -> new Handler(handler.command(), handler.access(), telling(handler.answer())))
                .toList();
    }

    private static Function<Call, Reply> telling(Function<Call, Reply> answer) {
        return call -> {
            try {
                return answer.apply(call);
            } catch (StoreException e) {
                throw new ProblemException(problem(e));
            } catch (CompletionException e) {
                if (e.getCause() instanceof StoreException store) {
                    throw new ProblemException(problem(store));
                }
                throw e;
            }
        };
    }

    private static Problem problem(StoreException e) {
        int status = switch (e.fault()) {
            case FULL -> 507;
            case DISPLACED, FAILED, DAMAGED -> 503;
            case NONE -> 500;
        };
        return new Problem(status, "The store", String.valueOf(e.getMessage()), ExitCode.REFUSED);
    }
}
