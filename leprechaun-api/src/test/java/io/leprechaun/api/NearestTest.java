package io.leprechaun.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> NAMES = List.of("runs", "run", "pause", "resume", "ls", "--failed", "-f");

    @Test
    void the_beginning_of_a_long_word_is_near() {
        var names = List.of("nightly-backup-of-the-shop", "nightly-report", "weekly");
        assertThat(Nearest.to("nightly-backup", names)).containsExactly("nightly-backup-of-the-shop");
        assertThat(Nearest.to("Nightly", names)).containsExactly("nightly-backup-of-the-shop", "nightly-report");
        assertThat(Nearest.to("ni", names)).isEmpty();
        assertThat(Nearest.to("backup", names)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rnu,      run,        'swapped letters are one change'",
        "run,      run runs,   'itself first'",
        "rusn,     run runs,   'equals in their order'",
        "RUNS,     runs run,   'case does not count'",
        "pasue,    pause,      ''",
        "paws,     pause,      'two changes of four letters'",
        "psaeu,    '',         'three changes'",
        "sl,       ls,         'one change of two letters'",
        "xy,       '',         'two changes of two letters'",
        "x,        '',         'no change of one letter'",
        "--failled, --failed,  ''",
        "-faield,  --failed,   'dashes do not count'",
        "'',       '',         ''",
        "--,       '',         ''",
    })
    void a_word_is_near_by_few_changes(String word, String near, String why) {
        assertThat(String.join(" ", Nearest.to(word, NAMES))).as(why).isEqualTo(near);
    }

    @Test
    void at_most_three_are_suggested_the_nearest_first() {
        assertThat(Nearest.to("backup", List.of("backuq", "backup2", "backu", "bacqup", "backup")))
                .containsExactly("backup", "backu", "backup2");
        assertThat(Nearest.question("bakcup", List.of("backup", "backups", "backup2"), "show ", ""))
                .isEqualTo(": did you mean `show backup`, `show backup2` or `show backups`?");
        assertThat(Nearest.question("x", List.of("backup"), "", ": see it")).isEqualTo(": see it");
    }

    @ParameterizedTest
    @CsvSource({
        "rnu, ': did you mean `run`?'",
        "rusn, ': did you mean `run` or `runs`?'",
        "schedular, ': did you mean `scheduler`?'",
        "deamon, ': did you mean `daemon`?'",
        "boko, ': did you mean `hook`?'",
        "histroy, ': see `leprechaun --help`'",
        "nonsense, ': see `leprechaun --help`'",
    })
    void a_misspelt_command_is_answered_with_what_users_know(String typed, String answer) {
        assertThatThrownBy(() -> Command.of(List.of(typed)))
                .hasMessage("unknown command '" + typed + "'" + answer)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ExitCode.USAGE));
    }

    @ParameterizedTest
    @CsvSource({
        "runs,  --failled, ': did you mean `--failed`?'",
        "runs,  --jsno,    ': did you mean `--json`?'",
        "run,   --folow,   ': did you mean `--follow`?'",
        "run,   --wiat,    ': did you mean `--wait`?'",
        "pause, --utnil=2h, ': did you mean `--until`?'",
        "ls,    --nonsense, ': this command has no options'",
    })
    void a_misspelt_option_is_answered_with_the_nearest(String verb, String option, String answer) {
        Form form = Verbs.find(verb).orElseThrow().form();
        assertThatThrownBy(() -> form.parse(List.of("x", option)))
                .hasMessage("unknown option " + option.replaceAll("=.*", "") + answer);
    }
}
