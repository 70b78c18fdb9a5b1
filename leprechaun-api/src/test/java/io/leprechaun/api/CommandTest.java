package io.leprechaun.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @Test
    void a_line_and_its_words_are_the_same() {
        var expected = new Command("scheduler", "workers:kill", List.of("nightly dump"));
        assertThat(Command.parse("scheduler workers:kill 'nightly dump'")).isEqualTo(expected);
        assertThat(Command.of(List.of("scheduler", "workers:kill", "nightly dump")))
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            quoteCharacter = '#',
            delimiter = ';',
            value = {
                "a b  c\td; a|b|c|d; blanks separate",
                "a b 'c d'; a|b|c d; single quotes keep blanks",
                "a b 'c\\d\"e'; a|b|c\\d\"e; single quotes keep everything",
                "a b \"c d\"; a|b|c d; double quotes keep blanks",
                "a b \"\\\"\\\\\\$\\`\"; a|b|\"\\$`; four characters can be escaped in double quotes",
                "a b \"\\n\\'\"; a|b|\\n\\'; no others can",
                "a b c\\ d\\'e; a|b|c d'e; a backslash keeps the next character",
                "a b ''; a|b|; empty quotes are a word",
                "a b c'd'\"e\"f; a|b|cdef; parts join",
                "a b $HOME *.yml @file ~ `id` ${x}; a|b|$HOME|*.yml|@file|~|`id`|${x}; nothing is expanded",
                "a b --x='1 2'; a|b|--x=1 2; options are words",
                "a b Zoë 日本; a|b|Zoë|日本; any script",
            })
    void words_are_told_apart_as_a_shell_does(String line, String words, String why) {
        Command command = Command.parse(line);
        assertThat(command.agent() + "|" + command.command() + "|" + String.join("|", command.arguments()))
                .as(why)
                .isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b 'c", "a b \"c", "a b c\\", "a b \"c\\\"", "'"})
    void what_is_left_open_is_wrong_usage(String line) {
        assertThatThrownBy(() -> Command.parse(line))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        thrown -> assertThat(thrown.problem().code()).isEqualTo(ExitCode.USAGE));
    }

    @Test
    void an_open_quote_is_named_with_its_place() {
        assertThatThrownBy(() -> Command.parse("a b \"c d"))
                .hasMessage("unclosed quote \" at character 5 of the command: add the closing quote");
    }

    @ParameterizedTest
    @CsvSource({
        "ls, book list",
        "show x, book show x",
        "run x, book run x",
        "next, book next",
        "pause x --until 2h, book pause x --until 2h",
        "resume x, book resume x",
        "runs --failed, history list --failed",
        "logs -f 42, history logs -f 42",
        "kill 42, history kill 42",
        "wait 42, history wait 42"
    })
    void verbs_stand_for_an_agent_and_a_command(String typed, String meant) {
        assertThat(Command.parse(typed)).isEqualTo(Command.parse(meant));
    }

    @Test
    void an_agent_without_a_command_is_asked_which() {
        assertThatThrownBy(() -> Command.parse("scheduler"))
                .hasMessage("unknown command 'scheduler': see `leprechaun --help`; an agent needs a command, as in"
                        + " `leprechaun scheduler info`");
        assertThatThrownBy(() -> Command.parse("  ")).hasMessage("no command given: see `leprechaun --help`");
    }
}
