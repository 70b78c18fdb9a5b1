package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events of the daemon, as its readers get them. */
@Timeout(180)
class EventStreamTest {
    private static final int RUNS = 200;
    private static final int CUTS = 100;
    private static final Pattern FRAME = Pattern.compile("id: (\\S+)\nevent: (\\S+)\ndata: (.*)");

    @RegisterExtension
    private final Installation place = Installation.here();

    /** A stream of events, from a request on. */
    private final class Stream implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        private final InputStream in;
        private final StringBuilder rest = new StringBuilder();
        /** The number of bytes that were read. */
        private int taken;

        Stream(String query, String lastEvent) throws IOException {
            channel.connect(UnixDomainSocketAddress.of(place.socket()));
            String request = "GET /api/v1/events?" + query + " HTTP/1.0\r\nHost: localhost\r\n"
                    + (lastEvent.isEmpty() ? "" : "Last-Event-ID: " + lastEvent + "\r\n") + "\r\n";
            Channels.newOutputStream(channel).write(request.getBytes(StandardCharsets.UTF_8));
            in = Channels.newInputStream(channel);
            while (rest.indexOf("\r\n\r\n") < 0) {
                assertThat(more(1)).as("the head of the answer: " + rest).isTrue();
            }
            assertThat(rest.toString())
                    .contains(" 200 ", "Content-Type: text/event-stream", "X-Accel-Buffering: no", "no-transform");
            rest.setLength(0);
        }

        /** Reads some bytes more. Returns false at the end. */
        private boolean more(int most) throws IOException {
            byte[] bytes = new byte[most];
            int count = Math.max(0, in.read(bytes));
            rest.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1)); // ids and names are ASCII
            taken += count;
            return count > 0;
        }

        /** Returns the complete events among some of the next bytes. */
        List<JsonNode> some(int bytes) throws IOException {
            if (!more(bytes)) {
                return List.of();
            }
            var found = new ArrayList<JsonNode>();
            for (int end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
                var frame = FRAME.matcher(rest.substring(0, end));
                rest.delete(0, end + 2);
                if (frame.matches()) {
                    JsonNode event = JsonMapper.shared().readTree(frame.group(3));
                    assertThat(event.get("id").asString()).isEqualTo(frame.group(1));
                    assertThat(event.get("topic").asString()).isEqualTo(frame.group(2));
                    found.add(event);
                }
            }
            return found;
        }

        /** Returns the next event of a topic. */
        JsonNode next(String topic) throws IOException {
            while (true) {
                for (JsonNode event : some(1)) {
                    if (event.get("topic").asString().equals(topic)) {
                        return event;
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static long number(String id) {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    @Test
    void no_event_is_missing_or_double_though_the_stream_is_cut_at_random() throws Exception {
        var daemon =
                place.recipe("quick", "steps: [ 'true' ]\noverlap: parallel\n").start();
        var random = new Random(7);
        var ids = new ArrayList<Long>();
        var states = new HashMap<Long, String>();
        String last;
        int cuts = 0;
        try (var first = new Stream("topics=run,step", "")) {
            last = first.next("hello").get("id").asString();
        }
        var starter = Thread.ofVirtual()
                .start(() -> IntStream.range(0, RUNS).forEach(_ -> {
                    try {
                        daemon.begin("quick");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
        while (!areOver(states)) {
            try (var stream = new Stream("topics=run,step", last)) {
                for (int cut = random.nextInt(500, 2500); stream.taken < cut && !areOver(states); ) {
                    for (JsonNode event : stream.some(cut - stream.taken)) {
                        String topic = event.get("topic").asString();
                        if (topic.equals("hello")) {
                            assertThat(event.get("id").asString()).isEqualTo(last);
                            continue;
                        }
                        last = event.get("id").asString();
                        ids.add(number(last));
                        if (topic.equals("run")) {
                            assertThat(states.put(
                                            event.get("run").asLong(),
                                            event.get("state").asString()))
                                    .isNotEqualTo("succeeded");
                        }
                    }
                }
                cuts++;
                assertThat(stream.taken).isPositive();
            }
        }
        starter.join();
        assertThat(ids).as("without other topics, numbers have gaps").isSorted().doesNotHaveDuplicates();
        assertThat(cuts).isGreaterThan(CUTS);
        var all = daemon.api().send("GET", "/api/v1/events?wait=0&topics=run,step&after=" + first(last));
        var whole = JsonMapper.shared().readTree(all.body()).get("events");
        assertThat(ids.subList(0, whole.size()))
                .as("what one reader gets at once")
                .isEqualTo(LongStream.range(0, whole.size())
                        .map(i -> number(whole.get((int) i).get("id").asString()))
                        .boxed()
                        .toList());
        assertThat(ids).hasSizeGreaterThanOrEqualTo(4 * RUNS);
        assertThat(states).hasSize(RUNS);
    }

    private static boolean areOver(Map<Long, String> states) {
        return states.values().stream().filter("succeeded"::equals).count() == RUNS;
    }

    private static String first(String id) {
        return id.substring(0, id.indexOf('-')) + "-0";
    }

    @Test
    void readers_are_told_of_recipes_pauses_agents_health_and_changes_and_of_the_end() throws Exception {
        var daemon = place.recipe("calm", "steps: [ 'true' ]\n").start();
        try (var stream = new Stream("", "")) {
            JsonNode hello = stream.next("hello");
            assertThat(hello.get("zone").asString()).isNotEmpty();
            assertThat(hello.get("version").asString()).isNotEmpty();
            assertThat(stream.next("agent").get("status").asString()).isEqualTo("started");
            assertThat(stream.next("health").get("healthy").asBoolean()).isTrue();
            place.recipe("calm", "steps: [ 'false' ]\n");
            daemon.api().send("POST", "/daemon/reload");
            JsonNode changed = stream.next("recipe");
            assertThat(changed.get("recipe").asString()).isEqualTo("calm");
            assertThat(changed.get("status").asString()).isEqualTo("changed");
            place.client("pause", "calm", "--reason", "works");
            assertThat(stream.next("recipe").get("status").asString()).isEqualTo("paused");
            JsonNode change = stream.next("change");
            assertThat(change.get("command").asString()).isEqualTo("pause");
            assertThat(change.get("code").asInt()).isZero();
            place.client("resume", "calm");
            assertThat(stream.next("recipe").get("status").asString()).isEqualTo("resumed");
            long run = daemon.runToEnd("calm").get("id").asLong();
            assertThat(stream.next("step").get("state").asString()).isEqualTo("running");
            assertThat(stream.next("step").get("state").asString()).isEqualTo("failed");
            JsonNode end = stream.next("run");
            assertThat(end.get("run").asLong()).isEqualTo(run);
            assertThat(end.get("state").asString()).isEqualTo("failed");
            assertThat(end.get("trigger").asString()).isEqualTo("manual");
            assertThat(end.get("reason").asString()).contains("step 1");
            var stop = Thread.ofVirtual().start(() -> {
                try {
                    daemon.stop();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            stream.next("bye");
            stop.join();
        }
    }

    @Test
    void a_reader_that_polls_gets_what_there_is_or_waits_for_it() throws Exception {
        var daemon = place.recipe("calm", "steps: [ 'true' ]\n")
                .recipe("other", "steps: [ 'true' ]\n")
                .start();
        String query = "/api/v1/events?recipe=calm&topics=run&wait=";
        JsonNode none = daemon.ask(query + "0");
        assertThat(none.get("events")).isEmpty();
        assertThat(none.get("resync").asBoolean()).isFalse();
        String after = none.get("after").asString();
        daemon.runToEnd("other");
        daemon.runToEnd("calm");
        eventually(() -> {
            JsonNode some = daemon.ask(query + "30s&after=" + after);
            assertThat(some.get("events")
                            .valueStream()
                            .map(event -> event.get("state").asString()))
                    .contains("succeeded");
            assertThat(some.get("events")
                            .valueStream()
                            .map(event -> event.get("recipe").asString()))
                    .containsOnly("calm");
        });
        assertThat(daemon.ask(query + "0&after=another-7").get("resync").asBoolean())
                .isTrue();
    }

    @Test
    void a_client_prints_lines_for_people_and_for_programs() throws Exception {
        var daemon = place.recipe("calm", "steps: [ 'true' ]\n").start();
        var text = place.beginClient("events", "--topics", "run");
        var json = place.beginClient("events", "--recipe", "calm", "--json");
        eventually(() -> assertThat(json.printed()).contains("hello"));
        eventually(() -> {
            daemon.runToEnd("calm");
            assertThat(text.printed())
                    .containsPattern("run recipe=calm run=[0-9]+ state=succeeded attempt=1 trigger=manual\n");
            assertThat(json.printed()).contains("\"topic\":\"step\"", "\"state\":\"succeeded\"");
        });
        daemon.stop();
        assertThat(text.end().code()).isZero();
        assertThat(json.end().out()).contains("\"topic\":\"bye\"");
    }

    @Test
    void what_is_wrong_is_said() throws Exception {
        place.recipe("calm", "steps: [ 'true' ]\n").start();
        assertThat(place.client("events", "--topics", "run,moon").err())
                .contains("invalid topic 'moon': use some of run, step, recipe, agent, health, clock, change");
        assertThat(place.client("events", "--recipe", "moon").code()).isEqualTo(3);
        assertThat(place.client("events", "--wait", "soon").code()).isEqualTo(2);
        var streams = new ArrayList<Stream>();
        try {
            for (int i = 0; i < 16; i++) {
                streams.add(new Stream("", ""));
                streams.getLast().next("hello");
            }
            var refused = place.client("events");
            assertThat(refused.code()).isEqualTo(4);
            assertThat(refused.err()).contains("too many readers of events");
        } finally {
            for (var stream : streams) {
                stream.close();
            }
        }
        eventually(
                () -> assertThat(place.client("events", "--wait", "0").code()).isZero());
    }
}
