package io.leprechaun.daemon.http.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SelectorWatchTest {
    private final AtomicLong now = new AtomicLong(-3);
    private final Deque<Runnable> asked = new ArrayDeque<>();
    private final SelectorWatch watch = new SelectorWatch("hooks", asked::add, now::get);

    private void pass(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void a_selector_that_does_not_answer_for_a_minute_is_an_ailment_until_it_does() {
        watch.ask();
        pass(59);
        assertThat(watch.fault()).isEmpty();
        pass(1);
        assertThat(watch.fault().orElseThrow()).startsWith("the listener for hooks has not read its connections");
        asked.remove().run();
        assertThat(watch.fault()).isEmpty();
    }
}
