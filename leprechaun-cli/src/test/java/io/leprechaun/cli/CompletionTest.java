package io.leprechaun.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
    private static final Map<String, List<String>> DAEMON = Map.of(
            "ls", List.of("backup", "bake", "deploy"),
            "runs", List.of("42", "41"),
            "cron workers:list", List.of("backup"),
            "server queue:list", List.of("44"));

    private final Completion completion =
            new Completion(words -> DAEMON.getOrDefault(String.join(" ", words), List.of()));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        wh              | why                      | a verb
        sch             | scheduler                | an agent
        run ba          | backup bake              | a recipe
        --json run d    | deploy                   | the client's own options may stand before
        logs 4          | 42 41                    | a run
        logs ba         | backup bake              | or a recipe
        runs --state f  | failed                   | the value of an option
        next --zone Europe/Berl | Europe/Berlin    | a time zone
        run --fo        | --follow --force         | an option of the verb
        run backup --js | --json                   | an option of the client's own
        retry 42 --fr   | --from-step              | an option after an operand
        cron work       | workers:kill workers:list | an agent's command
        cron workers:kill b | backup               | who works there
        server queue:drop 4 | 44                   | what waits there
        daemon k        | kill                     | the daemon's command
        pause all       | all                      | everything
        pause cr        | cron                     | an agent
        hook re         | replay                   | a word that is always there
        hook replay 4   | 42 41                    | a run
        notify t        | test                     | the only word that may follow
        cron stop --n   | --now                    | an option of an agent's command
        hook test de    | deploy :files            | a recipe, or its file
        check x         | :files                   | a file
        --config x      | :files                   | a file of an option of the client's own
        completion z    | zsh                      | a shell
        new b           |                          | a name that nobody has yet
        nonsense b      |                          | what is no verb and no agent
        run -p b        |                          | a value that nobody knows
        """)
    void tells_what_may_follow(String typed, String expected, String why) {
        var words = List.of(typed.split(" ", -1));
        assertThat(completion.candidates(words).stream()
                        .map(line -> line.split("\t", -1)[0])
                        .toList())
                .as(why)
                .containsExactlyInAnyOrderElementsOf(expected == null ? List.of() : List.of(expected.split(" ", -1)));
    }
}
