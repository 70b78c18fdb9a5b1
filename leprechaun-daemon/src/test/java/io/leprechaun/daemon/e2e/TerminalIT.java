package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client in a real terminal: completion in three shells, colours, following and leaving a run. */
@Timeout(180)
class TerminalIT {
    private static final String HOSTILE_NAME = "b\nforged\u001b[2J\u202e";

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
            terminal.awaitScreen("run 1 continues; follow it with: leprechaun logs -f 1");
            assertThat(daemon.run(1).get("state").asString()).isEqualTo("running");
            terminal.type("leprechaun logs -f 1");
            terminal.press("Enter");
            place.touch("go");
            terminal.awaitScreen("gone\n");
        }
        assertThat(daemon.over(1).get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void no_output_name_or_reason_drives_the_terminal_or_conceals_what_leprechaun_says() throws Exception {
        place.recipe(HOSTILE_NAME, "steps: [ 'true' ]\n").recipe("a;touch x", "steps: [ 'true' ]\n");
        var daemon = place.recipe("hostile", """
            steps:
              - |
                printf '\\033]0;owned\\007\\033]52;c;aGk=\\007\\033[2Jfirst\\n\\033[30;40mdark\\n'
                printf '\\033[1;8mgone\\342\\200\\256abc\\n50%%\\r\\033[8m'
                exit 3
            """).start();
        String output = "\\e]0;owned\\x07\\e]52;c;aGk=\\x07\\e[2Jfirst\r\n"
                + "\u001b[30;40mdark\r\n\u001b[1mgone\\u202eabc\r\n50%\r\u001b[0m";
        String words = "\r\nrun 1 of hostile failed after ";
        Path sent = place.folder().resolve("sent");
        try (var terminal = new Tmux(place, "bash", "--norc", "--noprofile")) {
            terminal.record(sent);
            terminal.type("leprechaun run hostile --follow; echo fol''lowed");
            terminal.press("Enter");
            terminal.awaitScreen("\nfollowed\n");
            assertThat(terminal.screen().lines()).anyMatch(line -> line.startsWith("run 1 of hostile failed after "));
            showTwice(terminal, "online");
            assertThat(daemon.stop()).isZero();
            showTwice(terminal, "offline");
            eventually(() -> assertThat(shown(sent, "offline words")).contains(words));
            assertThat(shown(sent, "online")).isEqualTo(output);
            assertThat(shown(sent, "offline")).isEqualTo(output);
            assertThat(shown(sent, "online words")).startsWith(output + words);
            assertThat(shown(sent, "offline words")).contains("leprechaun: no daemon answers", output + words);
            assertThat(Installation.text(sent))
                    .doesNotContain("\u001b]0;owned", "\u001b]52", "\u001b[8m", "\u001b[1;8m", "\u202e");
            assertThat(terminal.title()).doesNotContain("owned");
        }
    }

    private static void showTwice(Tmux terminal, String where) {
        terminal.type("echo '<'" + where + "; leprechaun logs 1 2> /dev/null; echo '>'; echo '<'" + where
                + " words; leprechaun logs 1; echo '>'" + where);
        terminal.press("Enter");
        terminal.awaitScreen("\n>" + where + "\n");
    }

    /** Returns the text that was sent to the terminal between {@code <MARK} and {@code >}. */
    private static String shown(Path sent, String mark) {
        var found = Pattern.compile("<" + mark + "\r\n(.*?)>", Pattern.DOTALL).matcher(Installation.text(sent));
        return found.find() ? found.group(1) : "";
    }

    @Test
    void no_name_or_reason_forges_a_line() throws Exception {
        var daemon = place.recipe(HOSTILE_NAME, "steps: [ 'true' ]\n")
                .recipe("good", "steps: [ 'true' ]\n")
                .start();
        assertThat(place.client("pause", "good", "--reason", HOSTILE_NAME).code())
                .isZero();
        assertThat(place.client("ls", "-q").out()).isEqualTo("b\\nforged\\e[2J\\u202e\ngood\n");
        assertThat(place.client("__complete", "show", "").out()).isEqualTo("good\n");
        assertThat(place.client("show", "good").out().lines()).noneMatch(line -> line.startsWith("forged"));
        var refused = place.client("show", "x\nforged");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .startsWith("leprechaun: there is no recipe 'x\\nforged'")
                .hasLineCount(1);
        assertThat(place.json("show", "good").at("/recipe/paused/reason").asString())
                .isEqualTo(HOSTILE_NAME);
        assertThat(daemon.log()).contains("forged").doesNotContain("\u001b", "\u202e");
        assertThat(daemon.log().lines()).noneMatch(line -> line.startsWith("forged"));
        assertThat(daemon.stop()).isZero();

        var unreadable = place.client("simulate", "/x\nforged");
        assertThat(unreadable.err())
                .startsWith("leprechaun: no such folder /x\\nforged")
                .hasLineCount(1);
        var refusing = place.daemon("--config", "/x\nforged\u001b[2J");
        assertThat(refusing.err())
                .startsWith("leprechaund: no such settings file /x\\nforged\\e[2J")
                .hasLineCount(1);
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
