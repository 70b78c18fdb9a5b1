package io.leprechaun.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class HelpTest {
    private static final List<Verb> VERBS = Verbs.ALL;

    @ParameterizedTest
    @FieldSource("VERBS")
    void each_verb_has_help_with_an_example_that_fits_80_columns(Verb verb) {
        String help = Help.of(List.of(verb.name()));
        assertThat(help)
                .contains(
                        "leprechaun " + verb.name(),
                        "Examples:",
                        verb.examples().getFirst(),
                        "--json");
        verb.documented().forEach(option -> assertThat(help).contains(option.name()));
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void the_overview_names_each_verb_and_fits_80_columns() {
        String help = Help.of(List.of());
        VERBS.forEach(verb -> assertThat(help).contains("\n  " + verb.name() + " "));
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void the_manual_page_tells_of_all_verbs_options_and_exit_codes() {
        String page = ManualPage.page("1.2.3");
        VERBS.forEach(verb -> {
            assertThat(page).contains(".SS leprechaun " + verb.name());
            verb.documented()
                    .forEach(option -> assertThat(page).contains(option.name().replace("-", "\\-")));
        });
        for (ExitCode code : ExitCode.values()) {
            assertThat(page).contains(".B " + code.number() + "\n");
        }
        assertThat(page).contains(".SH INTERFACE", ".SH OPTIONS", ".SH EXIT CODES", ".SH SIGNALS", ".SH FILES");
    }

    @Test
    void an_unknown_shell_is_refused_with_those_there_are() {
        assertThatThrownBy(() -> Completion.script(List.of("tcsh")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("bash, zsh or fish");
    }
}
