package io.leprechaun.daemon.http.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnswerMemoryTest {
    private final AtomicLong now = new AtomicLong();
    private final AnswerMemory memory = new AnswerMemory(now::get);
    private final AtomicInteger changes = new AtomicInteger();

    private Reply change() {
        return Reply.of(Map.of("run", changes.incrementAndGet()), Text.line("done"));
    }

    private Reply once(String holder, String key) {
        return memory.once(holder, key, "the request", this::change);
    }

    @Test
    void the_same_key_gets_the_same_answer_for_ten_minutes() {
        Reply first = once("a", "k");
        now.set(AnswerMemory.KEPT.toNanos() - 1);
        assertThat(once("a", "k")).isSameAs(first);
        assertThat(changes).hasValue(1);
        now.set(AnswerMemory.KEPT.toNanos());
        assertThat(once("a", "k")).isNotSameAs(first);
    }

    @Test
    void each_caller_has_keys_of_its_own() {
        assertThat(once("a", "k")).isNotSameAs(once("b", "k"));
    }

    @Test
    void a_key_belongs_to_one_request() {
        once("a", "k");
        assertThatThrownBy(() -> memory.once("a", "k", "another", this::change))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(422));
        assertThatThrownBy(() -> once("a", "")).hasMessageContaining("invalid Idempotency-Key");
        assertThat(changes).hasValue(1);
    }

    @Test
    void a_refused_change_may_be_sent_again_and_one_that_broke_off_may_not() {
        assertThatThrownBy(() -> memory.once("a", "k", "the request", () -> {
                    throw new ProblemException(Problem.refused("paused"));
                }))
                .hasMessageContaining("paused");
        once("a", "k");
        assertThat(changes).hasValue(1);
        assertThatThrownBy(() -> memory.once("a", "left", "the request", () -> {
                    changes.incrementAndGet();
                    throw new IllegalStateException("the caller left");
                }))
                .hasMessage("the caller left");
        assertThatThrownBy(() -> once("a", "left")).hasMessageContaining("leprechaun changes");
        assertThat(changes).hasValue(2);
    }

    @Test
    void a_twin_at_the_same_time_is_refused() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var first = Thread.ofVirtual()
                .start(() -> memory.once("a", "k", "the request", () -> {
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return change();
                }));
        begun.await();
        assertThatThrownBy(() -> once("a", "k")).hasMessageContaining("is being answered");
        end.countDown();
        first.join();
        once("a", "k");
        assertThat(changes).hasValue(1);
    }

    @Test
    void the_oldest_answers_make_room_first_those_of_the_same_caller() {
        Reply other = once("b", "k");
        Reply first = once("a", "0");
        for (int i = 1; i <= AnswerMemory.MOST_OF_ONE; i++) {
            once("a", "" + i);
        }
        assertThat(once("b", "k")).isSameAs(other);
        assertThat(once("a", "0")).isNotSameAs(first);
        for (int i = 0; i < AnswerMemory.MOST; i++) {
            once("c" + i, "k");
        }
        assertThat(once("b", "k")).isNotSameAs(other);
    }
}
