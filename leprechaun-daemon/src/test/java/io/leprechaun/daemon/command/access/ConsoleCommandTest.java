package io.leprechaun.daemon.command.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Handler;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Verbs;
import io.leprechaun.api.text.Screen;
import io.leprechaun.daemon.session.Grant;
import io.leprechaun.daemon.session.OneTimeLinks;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleCommandTest {
    private final OneTimeLinks links = new OneTimeLinks(System::nanoTime);
    private final AtomicInteger opened = new AtomicInteger();
    private URI address = URI.create("http://127.0.0.1:11401");

    private Reply.Document ask(Access most, String... words) {
        var form = Verbs.find("console").orElseThrow().form(List.of(words)).orElseThrow();
        var command = new ConsoleCommand(
                () -> {
                    opened.incrementAndGet();
                    return address;
                },
                links);
        return (Reply.Document)
                Handler.of(form, command).answer().apply(new Call(List.of(words), new Caller("ann", most)));
    }

    private Grant grant(Reply.Document reply) {
        String link = reply.ids().getFirst();
        return links.redeemLink(link.substring(link.indexOf('#') + 1)).orElseThrow();
    }

    @Test
    void a_link_is_for_the_caller_and_twelve_hours() {
        Reply.Document reply = ask(Access.ADMINISTER);
        assertThat(reply.ids())
                .singleElement()
                .satisfies(link -> assertThat(link).matches("http://127\\.0\\.0\\.1:11401/login#[A-Za-z0-9_-]{43}"));
        assertThat(grant(reply)).isEqualTo(new Grant("ann", Access.CHANGE, Duration.ofHours(12), "link"));
        assertThat(reply.note().get()).hasValue("valid for 60 s and for one login; role operate, for 12h");
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void the_role_is_at_most_the_callers(Access most) {
        assertThat(grant(ask(most)).access()).isEqualTo(most == Access.READ ? Access.READ : Access.CHANGE);
        assertThat(grant(ask(most, "--role", "read")).access()).isEqualTo(Access.READ);
        for (Access role : Access.values()) {
            String word = role == Access.ADMINISTER ? "admin" : role.role();
            int before = opened.get();
            if (role.compareTo(most) <= 0) {
                assertThat(grant(ask(most, "--role", word)).access()).isEqualTo(role);
            } else {
                assertThatThrownBy(() -> ask(most, "--role", word))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                e -> assertThat(e.problem().code().number()).isEqualTo(7));
                assertThat(opened).as("the port stays closed").hasValue(before);
            }
        }
    }

    @Test
    void a_screen_reads_as_long_as_asked() {
        assertThat(grant(ask(Access.ADMINISTER, "--screen", "--for", "365d")))
                .isEqualTo(new Grant("ann", Access.READ, Duration.ofDays(365), "link"));
        assertThatThrownBy(() -> ask(Access.ADMINISTER, "--screen", "--role", "admin"))
                .hasMessageContaining("--screen only reads");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8d", "0s", "forever", "366d"})
    void another_session_is_no_longer_than_a_week(String life) {
        assertThatThrownBy(() -> ask(Access.ADMINISTER, "--for", life)).hasMessageContaining("use ");
        assertThat(grant(ask(Access.ADMINISTER, "--for", "7d")).life()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void a_code_is_typed_at_the_page_of_the_login() {
        Reply.Document reply = ask(Access.READ, "--code");
        String code = reply.ids().getFirst();
        assertThat(code).matches("[0-9A-Z]{4}-[0-9A-Z]{4}");
        assertThat(reply.text().render(Screen.PLAIN)).isEqualTo("http://127.0.0.1:11401/login\ncode: " + code + "\n");
        assertThat(links.redeemCode(code)).map(Grant::way).contains("code");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:11401, 192.0.2.7 22, ssh -L 11401:127.0.0.1:11401 ann@192.0.2.7",
        "http://[::1]:8000, 2001:db8::7 2222, ssh -L 8000:[::1]:8000 -p 2222 ann@2001:db8::7",
        "https://localhost:8000, 192.0.2.7 22, ssh -L 8000:localhost:8000 ann@192.0.2.7",
        "https://runs.example.org, 192.0.2.7 22, ''",
        "http://127.0.0.1:11401, 192.0.2.7; rm -r / 22, ''",
        "http://127.0.0.1:11401, 192.0.2.7, ''"
    })
    void over_ssh_the_way_to_a_loopback_address_is_shown(URI console, String server, String tunnel) {
        address = console;
        String text = ask(Access.READ, "--ssh", server).text().render(Screen.PLAIN);
        assertThat(text.lines().count()).isEqualTo(tunnel.isEmpty() ? 1 : 2);
        assertThat(text).startsWith(tunnel.isEmpty() ? "http" : "on the host of the browser, first: " + tunnel + "\n");
    }
}
