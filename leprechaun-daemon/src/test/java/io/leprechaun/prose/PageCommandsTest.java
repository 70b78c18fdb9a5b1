package io.leprechaun.prose;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Option;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.prose.CommandLines.CommandLine;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on the pages: each is one that the client takes. */
class PageCommandsTest {
    private static final String REFERENCE = "docs/reference/commands.md";

    private static Page reference() {
        return Page.of(Sources.root().resolve(REFERENCE));
    }

    @Test
    void a_command_of_a_page_has_a_known_verb_and_known_options() {
        List<CommandLine> lines = Sources.pages()
                .map(Page::of)
                .flatMap(page -> CommandLines.of(page).stream())
                .toList();
        assertThat(lines).hasSizeGreaterThan(100);
        assertThat(lines.stream().map(CommandLine::problem).flatMap(Optional::stream))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leprechaun lss",
                "leprechaun ls --fast",
                "leprechaun ls backup",
                "leprechaun runs --since",
                "leprechaun hook try x",
                "leprechaun cron inform",
                "leprechaun daemon clock accepted",
                "leprechaun --cmd=\"cron start now\"",
                "A=b sudo leprechaun ls --fast > /dev/null 2>&1"
            })
    void a_command_that_the_client_refuses_is_found(String line) {
        assertThat(CommandLines.commands(line))
                .hasSize(1)
                .allSatisfy(command ->
                        assertThat(new CommandLine("", 0, command).problem()).isPresent());
    }

    @Test
    void commands_are_found_in_shell_blocks_and_inline_code() {
        var page = new Page("a.md", """
            `leprechaun ls` `leprechaun run NAME…` `leprechaund --check`
            ```sh
            wait 1 && bin/leprechaun logs -f 42 | wc # x
            leprechaun runs \\
              --failed
            ```
            ```console
            $ leprechaun why 42
            leprechaun is not here
            ```
            ```text
            leprechaun AGENT
            ```
            """);
        assertThat(CommandLines.of(page))
                .extracting(CommandLine::toString)
                .containsExactly(
                        "a.md:1 leprechaun ls",
                        "a.md:3 bin/leprechaun logs -f 42",
                        "a.md:5 leprechaun runs    --failed",
                        "a.md:8 leprechaun why 42");
    }

    @Test
    void the_reference_has_a_heading_for_each_verb_in_the_order_of_help() {
        List<String> verbs = Verbs.ALL.stream()
                .filter(Verb::isDocumented)
                .map(verb -> "### " + verb.name())
                .toList();
        List<String> daemons = AgentCommands.OF_DAEMON.stream()
                .map(Verb::name)
                .filter(name -> !name.contains(":"))
                .map(name -> "### daemon " + name)
                .toList();
        assertThat(reference().text().lines()).containsSubsequence(verbs).containsSubsequence(daemons);
    }

    @Test
    void the_reference_names_each_option_of_a_verb_and_each_command_of_an_agent() {
        String text = reference().text();
        for (Verb verb : Verbs.ALL.stream().filter(Verb::isDocumented).toList()) {
            String section = text.split("(?m)^### " + verb.name() + "$", 2)[1].split("(?m)^##", 2)[0];
            assertThat(section).contains("```text\nleprechaun " + verb.name());
            for (Option option : verb.documented()) {
                assertThat(section)
                        .as("%s %s", verb.name(), option.name())
                        .containsPattern("(?m)^- .*`" + Pattern.quote(option.name()) + "[ `]");
            }
        }
        AgentCommands.OF_AGENTS.forEach(
                command -> assertThat(text).containsPattern("\\| `" + Pattern.quote(command.name()) + "[ `]"));
    }
}
