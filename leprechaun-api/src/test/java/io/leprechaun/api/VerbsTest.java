package io.leprechaun.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class VerbsTest {
    private static final List<Verb> ALL = Verbs.ALL;

    @ParameterizedTest
    @FieldSource("ALL")
    void a_verb_is_documented_with_an_example_of_it(Verb verb) {
        assertThat(verb.isDocumented()).isTrue();
        assertThat(verb.summary()).endsWith(".");
        assertThat(verb.examples()).isNotEmpty().allMatch(example -> example.contains("leprechaun " + verb.name()));
        assertThat(verb.forms()).isNotEmpty();
        assertThat(verb.options()).extracting(Option::name).doesNotHaveDuplicates();
    }

    @Test
    void no_name_and_no_route_stands_twice() {
        assertThat(ALL).extracting(Verb::name).doesNotHaveDuplicates();
        assertThat(Verbs.routed().stream()
                        .flatMap(verb -> verb.forms().stream())
                        .flatMap(form -> form.route().stream())
                        .map(route -> route.registrator() + " " + route.command()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "next -n 5, DAEMON",
        "next --pattern x, OFFLINE",
        "next --pattern=x, OFFLINE",
        "hook test x, OFFLINE",
        "hook replay 42, DAEMON",
        "runs, DAEMON_OR_OFFLINE",
        "verify, OFFLINE_IN_STATE",
        "edit x, CLIENT"
    })
    void the_arguments_select_the_form(String line, AnsweredBy place) {
        List<String> words = List.of(line.split(" ", -1));
        var form = Verbs.find(words.getFirst()).flatMap(verb -> verb.form(words.subList(1, words.size())));
        assertThat(form).hasValueSatisfying(found -> assertThat(found.place()).isEqualTo(place));
    }

    @Test
    void a_form_takes_its_options_and_no_others() {
        var run = Verbs.find("run").orElseThrow().form();
        assertThat(run.parse(List.of("x", "-p", "a=b", "--wait")).values("-p")).containsExactly("a=b");
        assertThatThrownBy(() -> run.parse(List.of("x", "--nonsense")))
                .hasMessage("unknown option --nonsense: use one of --as-scheduled --force --param --timeout --wait -p");
        assertThatThrownBy(() -> run.parse(List.of("x", "--follow")))
                .as("the client takes it out")
                .hasMessageStartingWith("unknown option --follow");
        assertThatThrownBy(() -> run.parse(List.of("x", "y"))).hasMessage("unexpected argument 'y'");
        assertThatThrownBy(() -> AgentCommands.ofDaemon("info").parse(List.of("--x")))
                .hasMessage("unknown option --x: this command has no options");
    }

    @Test
    void an_undocumented_option_is_taken_and_not_shown() {
        var logs = Verbs.find("logs").orElseThrow();
        assertThat(logs.documented()).extracting(Option::name).contains("-f").doesNotContain("--framed");
        assertThat(logs.form().parse(List.of("-f", "--framed", "42")).has("--framed"))
                .isTrue();
    }

    @Test
    void each_command_of_an_agent_is_documented() {
        assertThat(Stream.concat(AgentCommands.OF_AGENTS.stream(), AgentCommands.OF_DAEMON.stream()))
                .allMatch(Verb::isDocumented);
    }
}
