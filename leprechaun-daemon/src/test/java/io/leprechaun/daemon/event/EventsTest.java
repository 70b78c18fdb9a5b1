package io.leprechaun.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsTest {
    private final Events events = new Events(InstantSource.fixed(Instant.EPOCH), "1.2.3");

    private void publish(Topic topic, int count) {
        IntStream.range(0, count).forEach(_ -> events.publish(topic, Optional.empty(), Map.of()));
    }

    private Events.Reader reader(Optional<String> after) {
        return events.read("root", event -> true, after).orElseThrow();
    }

    private static List<Long> numbers(Events.Batch batch) {
        assertThat(batch).isInstanceOf(Events.Batch.Next.class);
        return ((Events.Batch.Next) batch).events().stream().map(Event::number).toList();
    }

    @Test
    void nothing_is_kept_before_the_first_reader() throws Exception {
        publish(Topic.RUN, 3);
        assertThat(events.isHeard()).isFalse();
        var reader = reader(Optional.empty());
        assertThat(reader.position()).isEqualTo(events.id(0));
        assertThat(numbers(reader.next(Duration.ZERO, 10))).isEmpty();
        publish(Topic.RUN, 2);
        assertThat(numbers(reader.next(Duration.ofMinutes(1), 10))).containsExactly(1L, 2L);
    }

    @Test
    void a_reader_goes_on_where_another_one_ended() throws Exception {
        var first = reader(Optional.empty());
        publish(Topic.RUN, 5);
        assertThat(numbers(first.next(Duration.ZERO, 3))).containsExactly(1L, 2L, 3L);
        String at = first.position();
        first.close();
        assertThat(numbers(reader(Optional.of(at)).next(Duration.ZERO, 10))).containsExactly(4L, 5L);
    }

    @Test
    void an_id_that_is_unknown_or_too_old_is_a_gap_once() throws Exception {
        var slow = reader(Optional.empty());
        publish(Topic.RUN, Events.KEPT);
        assertThat(numbers(slow.next(Duration.ZERO, Events.KEPT)))
                .isEqualTo(LongStream.rangeClosed(1, Events.KEPT).boxed().toList());
        publish(Topic.RUN, Events.KEPT + 1);
        assertThat(slow.next(Duration.ZERO, 10)).isEqualTo(new Events.Batch.Gap());
        publish(Topic.RUN, 1);
        assertThat(numbers(slow.next(Duration.ZERO, 10))).containsExactly(2L * Events.KEPT + 2);

        String last = events.id(2L * Events.KEPT + 2);
        for (String id : List.of("", "x", "0123456789ab-1", events.id(-1), events.id(Long.MAX_VALUE), last + "9")) {
            var reader = reader(Optional.of(id));
            assertThat(reader.next(Duration.ZERO, 10)).as(id).isEqualTo(new Events.Batch.Gap());
            assertThat(reader.position()).isEqualTo(last);
            assertThat(numbers(reader.next(Duration.ZERO, 10))).isEmpty();
        }
    }

    @Test
    void a_reader_takes_what_it_wants_and_passes_over_the_rest() throws Exception {
        var reader = events.read("root", event -> event.topic() == Topic.HEALTH, Optional.empty())
                .orElseThrow();
        publish(Topic.RUN, 2);
        publish(Topic.HEALTH, 1);
        publish(Topic.RUN, 1);
        assertThat(numbers(reader.next(Duration.ZERO, 10))).containsExactly(3L);
        assertThat(reader.position()).isEqualTo(events.id(4));
    }

    @Test
    void a_waiting_reader_is_woken_by_an_event_and_by_the_end() throws Exception {
        var reader = reader(Optional.empty());
        var later = Thread.ofVirtual().start(() -> publish(Topic.RUN, 1));
        assertThat(numbers(reader.next(Duration.ofMinutes(1), 10))).containsExactly(1L);
        later.join();
        publish(Topic.RUN, 1);
        var end = Thread.ofVirtual().start(events::close);
        end.join();
        assertThat(numbers(reader.next(Duration.ofMinutes(1), 10)))
                .as("what came before")
                .containsExactly(2L);
        assertThat(reader.next(Duration.ofMinutes(1), 10)).isEqualTo(new Events.Batch.End());
    }

    @Test
    void readers_are_bounded_for_each_caller_and_in_all() {
        var all = new ArrayList<Events.Reader>();
        for (int caller = 0; caller < Events.READERS / Events.READERS_OF_ONE; caller++) {
            for (int i = 0; i < Events.READERS_OF_ONE; i++) {
                all.add(events.read("user" + caller, event -> true, Optional.empty())
                        .orElseThrow());
            }
            assertThat(events.read("user" + caller, event -> true, Optional.empty()))
                    .isEmpty();
        }
        assertThat(events.read("another", event -> true, Optional.empty())).isEmpty();
        all.getFirst().close();
        assertThat(events.read("another", event -> true, Optional.empty())).isPresent();
        assertThat(events.hasReaders()).isTrue();
    }

    @Test
    void the_topics_have_their_words() {
        for (Topic topic : Topic.values()) {
            assertThat(Topic.of(topic.word())).contains(topic);
        }
        assertThat(Topic.of("RUN")).isEmpty();
    }
}
