package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client in a real terminal: completion in three shells, colours, following and leaving a run. */
@Timeout(120)
class TerminalIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @BeforeEach
    void tools() {
        Tools.require("the client in a terminal", "tmux", "bash", "zsh", "fish", "man");
        place.environment().put("PATH", Installation.TREE.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        place.environment().put("PS1", "> ");
    }

    @ParameterizedTest
    @CsvSource({
        "bash --norc --noprofile, source <(leprechaun completion bash), $?",
        "zsh -f, 'autoload -U compinit; compinit -u -D; source <(leprechaun completion zsh)', $?",
        "fish --no-config, leprechaun completion fish | source, $status",
    })
    void tab_completes_commands_options_recipes_and_agents_commands(String shell, String setup, String code) {
        place.recipe("backup", "steps: [ 'true' ]\n").start();
        try (var terminal = new Tmux(place, shell.split(" ", -1))) {
            terminal.type(setup + "; echo set up: " + code);
            terminal.press("Enter");
            terminal.awaitScreen("set up: 0");
            terminal.press("C-l");
            terminal.type("leprechaun sho");
            terminal.press("Tab");
            terminal.awaitScreen("leprechaun show");
            terminal.type("ba");
            terminal.press("Tab");
            terminal.awaitScreen("leprechaun show backup");
            terminal.press("C-c", "C-l");
            terminal.type("leprechaun runs --fai");
            terminal.press("Tab");
            terminal.awaitScreen("leprechaun runs --failed");
            terminal.press("C-c", "C-l");
            terminal.type("leprechaun cron queue:l");
            terminal.press("Tab");
            terminal.awaitScreen("leprechaun cron queue:list");
            terminal.press("C-c", "C-l");
            terminal.type("leprechaun check " + place.settingsFile().toString().replaceFirst("chaun\\.yml$", ""));
            terminal.press("Tab");
            eventually(() -> assertThat(terminal.screen().replace("\n", "")).contains("leprechaun.yml"));
        }
    }

    @Test
    void a_table_has_colours_where_they_mean_something_and_none_where_nobody_wants_them() {
        place.recipe("bad", "steps: [ exit 3 ]\n").start();
        try (var terminal = new Tmux(place, "bash", "--norc", "--noprofile")) {
            terminal.type("leprechaun run bad --wait; clear; leprechaun runs; echo do''ne");
            terminal.press("Enter");
            terminal.awaitScreen("done\n");
            assertThat(terminal.coloured()).contains("\u001b[31mfailed");
            for (String none : new String[] {"NO_COLOR=1", "TERM=dumb"}) {
                terminal.type("clear; " + none + " leprechaun runs; echo with''out " + none);
                terminal.press("Enter");
                terminal.awaitScreen("without " + none);
                assertThat(terminal.coloured()).contains("failed").doesNotContain("\u001b[31m");
            }
        }
    }

    @Test
    void ctrl_c_leaves_a_followed_run_alone_and_says_how_to_come_back() throws Exception {
        var daemon = place.recipe("talk", "steps: [ 'echo begun; until test -e go; do sleep 0.1; done; echo gone' ]\n")
                .start();
        try (var terminal = new Tmux(place, "bash", "--norc", "--noprofile")) {
            terminal.type("leprechaun run talk --follow");
            terminal.press("Enter");
            terminal.awaitScreen("[1/1] echo begun;");
            terminal.awaitScreen("begun\n");
            terminal.press("C-c");
            terminal.awaitScreen("run 1 goes on; come back to it with: leprechaun logs -f 1");
            assertThat(daemon.run(1).get("state").asString()).isEqualTo("running");
            terminal.type("leprechaun logs -f 1");
            terminal.press("Enter");
            place.touch("go");
            terminal.awaitScreen("gone\n");
        }
        assertThat(daemon.over(1).get("state").asString()).isEqualTo("succeeded");
    }

    @ParameterizedTest
    @CsvSource({"leprechaun, 1", "leprechaund, 8", "leprechaun.yml, 5", "leprechaun-recipe, 5"})
    void man_shows_each_page(String page, String section) {
        try (var terminal = new Tmux(
                place, "man", "-l", Installation.TREE + "/share/man/man" + section + "/" + page + "." + section)) {
            terminal.awaitScreen(page.toUpperCase(Locale.ROOT) + "(" + section + ")");
            terminal.awaitScreen("INTERFACE");
        }
    }
}
