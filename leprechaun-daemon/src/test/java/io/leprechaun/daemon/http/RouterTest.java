package io.leprechaun.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.Access;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Registrator;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
    private record Fake(String name, List<Handler> handlers) implements Registrator {
        static Fake of(String name, String... commands) {
            return new Fake(
                    name,
                    List.of(commands).stream()
                            .map(command -> new Handler(command, Access.READ, call -> {
                                throw new UnsupportedOperationException();
                            }))
                            .toList());
        }
    }

    @Test
    void finds_a_command_by_its_path() {
        var router = Router.of(List.of(Fake.of("cron", "info", "workers:list"), Fake.of("server", "info")));
        assertThat(router.find("/cron/workers/list").orElseThrow().command()).isEqualTo("workers:list");
        for (String nothing :
                List.of("", "/", "/cron", "/cron/", "/cron/info/", "//cron/info", "/Cron/info", "/cron/workers:list")) {
            assertThat(router.find(nothing)).as(nothing).isEmpty();
        }
        assertThat(router.agents()).containsExactly("cron", "server");
        assertThat(router.commands("cron")).containsExactly("info", "workers:list");
        assertThat(router.hasAgent("cro")).isFalse();
        assertThat(router.hasAgent("")).isFalse();
    }

    @Test
    void two_services_with_one_route_stop_the_start_and_both_are_named() {
        assertThatThrownBy(() -> Router.of(List.of(Fake.of("cron", "info"), Fake.of("cron", "info"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("both cron (Fake) and cron (Fake) offer the route /cron/info");
    }

    @Test
    void one_service_that_offers_a_command_twice_stops_the_start() {
        assertThatThrownBy(() -> Router.of(List.of(Fake.of("cron", "workers:list", "info", "workers:list"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/cron/workers/list");
    }
}
