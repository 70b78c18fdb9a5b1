package io.leprechaun.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leprechaun.api.Access;
import io.leprechaun.api.Handler;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.Authority;
import io.leprechaun.daemon.http.Router;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.settings.ConsoleSettings.Open;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.units.Address;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConsoleDoorTest {
    private static final Authority NO_USERS = new Authority() {
        @Override
        public Optional<Access> most(String user, boolean admitted) {
            return Optional.empty();
        }

        @Override
        public String holders(Access role) {
            return "none";
        }
    };

    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong();
    private final Alarms alarms = Alarms.open();
    private Optional<ConsoleDoor> door = Optional.empty();
    private Optional<Tokens> tokens = Optional.empty();

    private record Service(String name, List<Handler> handlers) implements Registrator {}

    private ConsoleDoor door(Open open, int port, Optional<URI> url) throws IOException {
        var settings = new ConsoleSettings(open, new Address("127.0.0.1", port), Optional.empty(), url);
        var kept = Tokens.open(folder.resolve("tokens"), InstantSource.system());
        var changes = new ChangeLog(folder.resolve("changes.jsonl"), InstantSource.system());
        var sessions = Sessions.open(folder.resolve("sessions"), InstantSource.system());
        var parts = new ConsoleDoor.DoorParts(
                kept, sessions, new OneTimeLinks(now::get), changes, new Traffic(), "web1", "1.0");
        var made = new ConsoleDoor(settings, alarms, parts, now::get);
        door = Optional.of(made);
        tokens = Optional.of(kept);
        return made;
    }

    private ConsoleDoor begun(Open open, int port) throws IOException {
        ConsoleDoor made = door(open, port, Optional.empty());
        made.begin(new ConsoleDoor.Authorized(
                NO_USERS,
                () -> Router.of(List.of(new Service(
                        "fake",
                        List.of(new Handler(
                                "read", Access.READ, _ -> Reply.of(Map.of("read", true), Text.line("read")))))))));
        return made;
    }

    @AfterEach
    void close() throws IOException {
        if (door.isPresent()) {
            door.get().close();
        }
        alarms.close();
    }

    private static String ask(URI address, String field) throws IOException {
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write(("GET /fake/read HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n" + field
                                    + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Asks, and waits until the server knows that it has answered. */
    private String answer(URI address, String field) throws IOException {
        String answer = ask(address, field);
        await().until(() -> {
            pass(Duration.ofNanos(1));
            return !door.orElseThrow().unused().isZero();
        });
        return answer;
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void asked_opens_when_asked_and_closes_half_an_hour_after_the_last_request() throws IOException {
        ConsoleDoor asked = begun(Open.ASKED, 0);
        assertThat(asked.isOpen()).isFalse();
        URI address = asked.open();
        assertThat(asked.open()).as("asked twice").isEqualTo(address);
        String token = tokens.orElseThrow()
                .issue("t", Access.READ, "root", Optional.empty())
                .orElseThrow()
                .text();
        pass(Duration.ofMinutes(29));
        assertThat(answer(address, "Authorization: Bearer " + token + "\r\n")).startsWith("HTTP/1.1 200");
        pass(Duration.ofMinutes(29));
        asked.closeIfIdle();
        assertThat(ask(address, "")).as("refused, and no use").startsWith("HTTP/1.1 401");
        pass(Duration.ofMinutes(1));
        asked.closeIfIdle();
        assertThat(asked.isOpen()).isFalse();
        assertThatThrownBy(() -> ask(address, "")).isInstanceOf(ConnectException.class);
        URI again = asked.open();
        assertThat(ask(again, "Authorization: Bearer " + token + "\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void asking_counts_as_a_use() throws IOException {
        ConsoleDoor asked = begun(Open.ASKED, 0);
        asked.open();
        pass(Duration.ofMinutes(29));
        asked.open();
        pass(Duration.ofMinutes(29));
        asked.closeIfIdle();
        assertThat(asked.isOpen()).isTrue();
    }

    @Test
    void always_is_open_from_the_start_on_and_stays_open() throws IOException {
        ConsoleDoor always = begun(Open.ALWAYS, 0);
        assertThat(always.isOpen()).isTrue();
        assertThat(ask(always.open(), "")).startsWith("HTTP/1.1 401");
    }

    @Test
    void off_names_the_setting() throws IOException {
        ConsoleDoor off = begun(Open.OFF, 0);
        assertThatThrownBy(off::open)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code().number()).isEqualTo(4))
                .hasMessageContaining("console: { open: asked }");
    }

    @Test
    void a_taken_port_is_one_sentence_and_the_next_time_is_tried_again() throws IOException {
        int port;
        ConsoleDoor asked;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            asked = begun(Open.ASKED, port);
            assertThatThrownBy(asked::open)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code().number()).isEqualTo(4))
                    .hasMessageContainingAll("cannot listen", ":" + port, "free the port, or set console: listen:");
            assertThat(asked.fault()).as("the daemon is healthy").isEmpty();
        }
        assertThat(asked.open()).hasToString("http://127.0.0.1:" + port);
    }

    @Test
    void the_address_is_the_one_of_the_settings() throws IOException {
        ConsoleDoor proxied = door(Open.ASKED, 0, Optional.of(URI.create("https://runs.example.org/lep/")));
        proxied.begin(new ConsoleDoor.Authorized(NO_USERS, () -> Router.of(List.of())));
        assertThat(proxied.open()).hasToString("https://runs.example.org/lep");
    }

    @Test
    void a_closed_door_stays_closed() throws IOException {
        ConsoleDoor asked = begun(Open.ASKED, 0);
        asked.close();
        assertThatThrownBy(asked::open).hasMessageContaining("starting or stopping");
    }
}
