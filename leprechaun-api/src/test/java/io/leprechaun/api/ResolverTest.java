package io.leprechaun.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
    @Test
    void a_command_becomes_a_path_and_its_arguments_parameters() {
        assertThat(Resolver.route(new Command("scheduler", "info", List.of()))).isEqualTo("/scheduler/info");
        assertThat(Resolver.route(new Command("server", "workers:kill", List.of("a b", "ü&=?#%+", ""))))
                .isEqualTo("/server/workers/kill?args=a%20b&args=%C3%BC%26%3D%3F%23%25%2B&args=");
        assertThat(Resolver.route(new Command("a?b", "c#d", List.of()))).isEqualTo("/a%3Fb/c%23d");
    }

    @Test
    void arguments_come_back_as_they_were_sent() {
        var naughty = List.of(
                "",
                " ",
                "a\nb",
                "\0",
                "../../etc",
                "日本 🍀",
                "%41",
                "a+b",
                "@/etc/passwd",
                "\"'\\",
                "-n",
                "--",
                "\u202e");
        String route = Resolver.route(new Command("a", "b", naughty));
        assertThat(Resolver.arguments(route.substring(route.indexOf('?') + 1) + "&columns=80"))
                .isEqualTo(naughty);
    }

    @Test
    void a_query_may_be_missing_and_have_other_parameters() {
        assertThat(Resolver.arguments(null)).isEmpty();
        assertThat(Resolver.arguments("")).isEmpty();
        assertThat(Resolver.arguments("columns=80&args=a&argsx=b&color=true&args=c+d"))
                .containsExactly("a", "c d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a%2", "%ff", "%c3", "%C0%80", "%ed%a0%80"})
    void a_bad_escape_is_wrong_usage(String value) {
        assertThatThrownBy(() -> Resolver.arguments("args=" + value))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("use percent-encoded UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "a/b", "a\\b", "a\nb", "a\u0000", "\u007f", "\u0085"})
    void what_cannot_be_a_segment_is_refused(String word) {
        assertThatThrownBy(() -> Resolver.path(word, "info")).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Resolver.path("agent", word)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Resolver.path("agent", "workers:" + word)).isInstanceOf(ProblemException.class);
    }

    @Test
    void each_colon_is_a_slash() {
        assertThat(Resolver.path("scheduler", "workers:list")).isEqualTo("/scheduler/workers/list");
    }
}
