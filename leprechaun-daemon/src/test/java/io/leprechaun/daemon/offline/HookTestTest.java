package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Reply;
import io.leprechaun.api.Verbs;
import io.leprechaun.api.text.Screen;
import io.leprechaun.daemon.run.TestRecipes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookTestTest {
    /** The shell has given it to us as it would give it to curl. */
    @ParameterizedTest
    @ValueSource(strings = {"ł", "Zoë", "日本", "Zo%C3%AB 100%25"})
    void a_query_is_read_as_the_daemon_reads_it(String value) {
        var recipe = TestRecipes.of(
                "ask", "definition: hook\nid: ask-hook-id\nhook: { params: { m: { query: m } } }\nsteps: [ 'true' ]\n");
        var form =
                Verbs.find("hook").flatMap(verb -> verb.form(List.of("test"))).orElseThrow();
        var arguments = form.parse(List.of("ask", "--query", "x=100%&m=" + value));
        var reply = (Reply.Document) HookTest.answer(recipe, arguments, Map.of(), Instant.EPOCH);
        assertThat(reply.text().render(Screen.PLAIN))
                .contains("'" + value.replace("%C3%AB", "ë").replace("%25", "%") + "' (query m)", "ask would run");
    }
}
