package io.leprechaun.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.ProblemException;
import io.leprechaun.cli.Invocation.Wish;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvocationTest {
    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "scheduler info; scheduler|info; words",
                "--json scheduler info; scheduler|info; our option before the words",
                "scheduler --json info -q; scheduler|info; our options among and after them",
                "--socket /s --config=/c scheduler info; scheduler|info; our options with a value",
                "runs --failed --since 1d -n 5; runs|--failed|--since|1d|-n|5; options of the command are words",
                "run x -p k=--json; run|x|-p|k=--json; a value is no option",
                "run x -- --json -q; run|x|--|--json|-q; behind two dashes nothing is ours",
                "-- scheduler info --json; scheduler|info|--json; two dashes before the words",
                "--cmd=scheduler; scheduler; the line form",
                "--cmd=logs -f 42; logs|-f|42; the line form and words behind it",
                "show @/etc/passwd; show|@/etc/passwd; no file is read",
                "- info; -|info; one dash is a word",
                "run x --version; run|x|--version; behind the words it is the command's",
            })
    void words_are_told_from_our_options(String line, String words, String why) {
        assertThat(String.join("|", Invocation.parse(List.of(line.split(" "))).words()))
                .as(why)
                .isEqualTo(words);
    }

    @Test
    void the_line_and_the_plain_form_are_the_same() {
        Invocation plain = Invocation.parse(List.of("server", "workers:kill", "nightly dump", "--json", "-q"));
        assertThat(Invocation.parse(List.of("--cmd=server workers:kill 'nightly dump' --json -q")))
                .isEqualTo(plain);
        assertThat(Invocation.parse(List.of("--cmd", "server workers:kill \"nightly dump\"", "-q", "--json")))
                .isEqualTo(plain);
        assertThat(plain.options().json()).isTrue();
        assertThat(plain.options().quiet()).isTrue();
    }

    @Test
    void two_dashes_in_the_line_end_with_it() {
        assertThat(Invocation.parse(List.of("--cmd=run x -- a", "--json"))
                        .options()
                        .json())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "--help, HELP",
        "-h, HELP",
        "run --help, HELP",
        "--version, VERSION",
        "-V, VERSION",
        "run -- --help, COMMAND",
        "version, COMMAND"
    })
    void help_and_version_are_wishes(String line, Wish wish) {
        assertThat(Invocation.parse(List.of(line.split(" "))).wish()).isEqualTo(wish);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nope scheduler info",
                "-x",
                "--socket",
                "--socket=",
                "a b --config",
                "--json=yes a b",
                "--cmd",
                "--cmd='a",
                "--help=run"
            })
    void wrong_usage_is_refused(String line) {
        assertThatThrownBy(() -> Invocation.parse(List.of(line.split(" ")))).isInstanceOf(ProblemException.class);
    }
}
