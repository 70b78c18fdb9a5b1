package io.leprechaun.daemon.lifecycle;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether parts of the daemon do what they are there for. What a part says is wrong counts once it has said the same in {@value #LOOKS} looks in a row: a busy moment,
 * or a clock that was set, is no alarm.
 */
public final class SelfWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelfWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final int LOOKS = 4;

    private final List<Supplier<Optional<String>>> parts;
    private final Consumer<String> tell;
    private final Thread thread = Threads.platform("self-watch", this::watch);
    /** How often in a row each was said. Only the thread's. */
    private final Map<String, Integer> said = new HashMap<>();

    private volatile Optional<String> alarm = Optional.empty();

    /**
     * A watch that has not begun.
     *
     * @param parts say what is wrong with them, in a sentence that stays the same while it is
     * @param tell told of each alarm, once
     */
    SelfWatch(List<Supplier<Optional<String>>> parts, Consumer<String> tell) {
        this.parts = List.copyOf(parts);
        this.tell = tell;
    }

    /**
     * Begins to watch.
     *
     * @param parts say what is wrong with them, in a sentence that stays the same while it is
     * @param tell told of each alarm, once
     */
    public static SelfWatch open(List<Supplier<Optional<String>>> parts, Consumer<String> tell) {
        var watch = new SelfWatch(parts, tell);
        watch.thread.start();
        return watch;
    }

    /** What is wrong, in a sentence; empty: all is well. */
    public Optional<String> alarm() {
        return alarm;
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                look();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    void look() {
        var now = new LinkedHashSet<String>();
        parts.forEach(part -> part.get().ifPresent(now::add));
        said.keySet().retainAll(now);
        for (String wrong : now) {
            if (said.merge(wrong, 1, Integer::sum) == LOOKS) {
                LOG.error("{}", wrong);
                tell.accept(wrong);
            }
        }
        Optional<String> before = alarm;
        alarm = now.stream()
                .filter(wrong -> said.getOrDefault(wrong, 0) >= LOOKS)
                .findFirst();
        if (before.isPresent() && alarm.isEmpty()) {
            LOG.info("all is well again");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
