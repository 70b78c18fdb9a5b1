package io.leprechaun.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.history.StoreException.StoreFault;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreProblemsTest {
    private static Reply ask(Function<Call, Reply> answer) {
        var registrator = new Registrator() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public List<Handler> handlers() {
                return List.of(new Handler("do", Access.CHANGE, answer));
            }
        };
        return new StoreProblems(registrator)
                .handlers()
                .getFirst()
                .answer()
                .apply(new Call(List.of(), new Caller("zoe", Access.ADMINISTER)));
    }

    private static Problem problem(Function<Call, Reply> answer) {
        try {
            ask(answer);
        } catch (ProblemException e) {
            return e.problem();
        }
        throw new AssertionError("there was no problem");
    }

    @ParameterizedTest
    @CsvSource({"FULL, 507", "FAILED, 503", "DAMAGED, 503", "NONE, 500"})
    void what_is_wrong_with_the_store_is_told_without_its_exception(StoreFault fault, int status) {
        var why = new StoreException(fault, "cannot store run 3: so and so", new IllegalStateException());
        assertThat(problem(call -> {
                    throw why;
                }))
                .isEqualTo(new Problem(status, "The store", "cannot store run 3: so and so", ExitCode.REFUSED));
        assertThat(problem(call -> CompletableFuture.<Reply>failedFuture(why).join())
                        .status())
                .isEqualTo(status);
    }

    @Test
    void a_defect_stays_a_defect() {
        assertThatThrownBy(() -> ask(call -> CompletableFuture.<Reply>failedFuture(new IllegalStateException("x"))
                        .join()))
                .isInstanceOf(CompletionException.class);
    }
}
