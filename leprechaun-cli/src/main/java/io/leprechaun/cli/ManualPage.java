package io.leprechaun.cli;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.api.text.Roff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The generator of {@code leprechaun(1)} from the definitions behind {@code --help}. Run by the build. */
public final class ManualPage {
    private ManualPage() {}

    /**
     * Writes {@code leprechaun.1}.
     *
     * @param args the folder to write to
     * @throws IOException when it cannot be written
     */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0], "leprechaun.1"), page(Version.current()));
    }

    static String page(String version) {
        var page = new Roff("leprechaun", 1, version, "client of the daemon that runs recipes when they are due");
        page.section("Interface")
                .example("leprechaun COMMAND [ARGUMENTS]\nleprechaun AGENT COMMAND [ARGUMENTS]\n"
                        + "leprechaun --cmd=\"AGENT COMMAND ARGUMENTS\"")
                .text("Data goes to stdout, messages go to stderr. Tables fit the terminal; elsewhere they are"
                        + " neither cut nor coloured. A RUN is a number, a RECIPE a name. Commands that only read"
                        + " accept a unique prefix of a name.");
        page.section("Commands");
        for (Verb verb : Verbs.ALL) {
            page.subsection(verb.usage()).text(verb.summary());
            verb.documented().forEach(option -> page.item(option.synopsis(), option.meaning()));
            page.example(String.join("\n", verb.examples()));
        }
        page.section("Agents").text(AgentSummary.sentence(word -> "`" + word + "`"));
        page.section("Options").text("These options are allowed anywhere on the line.");
        OwnOptions.ALL.forEach(option -> page.item(option.synopsis(), option.meaning()));
        page.section("Exit codes");
        for (ExitCode code : ExitCode.values()) {
            page.item(Integer.toString(code.number()), code.meaning());
        }
        page.section("Signals")
                .text("INT (Ctrl-C) ends the client alone: a followed run continues, and the client prints the"
                        + " command to follow it again. PIPE ends the client silently.");
        page.section("Files")
                .item(
                        "/etc/leprechaun/leprechaun.yml",
                        "settings; for an ordinary user `~/.config/leprechaun/leprechaun.yml`")
                .item(
                        "/run/leprechaun/leprechaun.sock",
                        "socket of the daemon; for an ordinary user `$XDG_RUNTIME_DIR/leprechaun.sock`, else"
                                + " `leprechaun.sock` in the state folder");
        page.section("Environment")
                .item("LEPRECHAUN_SOCKET, LEPRECHAUN_CONFIG", "as `--socket` and `--config`")
                .item("NO_COLOR, TERM=dumb", "no colours")
                .item("COLUMNS", "width of tables");
        page.section("See also").text("`leprechaund`(8), `leprechaun.yml`(5), `leprechaun-recipe`(5)");
        return page.toString().replace("\r", "").strip() + "\n";
    }
}
