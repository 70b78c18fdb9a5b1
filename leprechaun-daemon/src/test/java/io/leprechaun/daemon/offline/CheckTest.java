package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.config.Problems;
import io.leprechaun.daemon.config.Settings;
import io.leprechaun.daemon.config.SettingsReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
    private final SettingsReader reader = new SettingsReader(ZoneId.of("UTC"), Map.of());
    private final Problems found = new Problems();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path temp;

    private Settings settings;

    @BeforeEach
    void make() throws IOException {
        settings = Settings.defaults(temp, ZoneId.of("UTC"));
        Files.createDirectory(settings.recipes());
    }

    private Path write(String file, String text) throws IOException {
        return Files.writeString(settings.recipes().resolve(file), text);
    }

    private int check(Object... words) {
        List<String> texts = List.of(words).stream().map(Object::toString).toList();
        try (var o = new PrintStream(out, true, StandardCharsets.UTF_8);
                var e = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            return Check.run(texts, reader, settings, found, o, e);
        }
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void good_recipes_are_counted() throws IOException {
        write("a.yml", "steps: [pwd]");
        write("b.yml", "steps: [pwd]");

        assertThat(check()).isZero();
        assertThat(out()).isEqualTo("2 recipes, no problems\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void every_problem_is_a_line() throws IOException {
        Path a = write("a.yml", "steps: [pwd]\nschedule: { min: 1 }\nname: x y");
        Path b = write("b.yml", "steps:\n- ! -> pwd\n");

        assertThat(check()).isEqualTo(1);
        assertThat(out())
                .isEqualTo(a
                        + ":2:1: error: schedule: nothing uses this without `definition: schedule`; add that,"
                        + " or remove it\n"
                        + a
                        + ":3:7: error: name: 'x y' is no recipe name; 1 to 64 letters, digits, . _ - are"
                        + " allowed, a letter or digit first, not digits alone\n"
                        + b
                        + ":2:3: warning: steps[1]: `!` has no effect beside `->`: nobody waits for the step;"
                        + " remove one of them\n");
        assertThat(err()).isEqualTo("2 recipes, 2 errors, 1 warning\n");
    }

    @Test
    void warnings_alone_are_no_failure() throws IOException {
        Path file = write("a.yml", "definition: schedule\nschedule: { sec: 0 }\nsteps: [a]\n");

        assertThat(check(file)).isZero();
        assertThat(out()).contains(": warning: schedule: all is zero");
    }

    @Test
    void json_is_one_document() throws IOException {
        Path file = write("a.yml", "steps: []");

        assertThat(check("--json", file)).isEqualTo(1);
        assertThat(out())
                .isEqualTo("{\"problems\":[{\"file\":\"" + file
                        + "\",\"line\":1,\"column\":8,\"severity\":\"error\",\"message\":\"steps:"
                        + " there are no steps; write what to run, one command a"
                        + " line behind `- `\"}]}\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void json_without_problems_is_an_empty_list() {
        assertThat(check("--json")).isZero();
        assertThat(out()).isEqualTo("{\"problems\":[]}\n");
    }

    @Test
    void the_settings_problems_are_reported_when_no_file_is_given() throws IOException {
        Path file = Files.writeString(temp.resolve("leprechaun.yml"), "timezone: Mars/Base\n");
        settings = reader.read(file, found);

        assertThat(check()).isEqualTo(1);
        assertThat(out()).startsWith(file + ":1:11: error: timezone: 'Mars/Base' is no time zone");
    }

    @Test
    void a_settings_file_is_checked_as_one() throws IOException {
        Path file = Files.writeString(temp.resolve("leprechaun.yml"), "defaults: { timeout: 0 }\n");

        assertThat(check(file)).isEqualTo(1);
        assertThat(out())
                .isEqualTo(file
                        + ":1:22: error: defaults.timeout: '0' without a unit is no duration; write 90s, 10m,"
                        + " 1h30m or 2d for example\n");
    }

    @Test
    void two_recipes_of_a_folder_do_not_share_a_name() throws IOException {
        write("a.yml", "name: x\nsteps: [a]");
        write("b.yml", "name: x\nsteps: [a]");

        assertThat(check(settings.recipes())).isEqualTo(1);
        assertThat(out()).contains("b.yml:1:1: error: the name 'x' is ").contains("a.yml's already");
    }

    @Test
    void a_file_that_everybody_may_change_is_suspicious() throws IOException {
        Path file = write("a.yml", "steps: [a]");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(check()).isZero();
        assertThat(out())
                .isEqualTo(file
                        + ":1:1: warning: everybody on this host may change this file, and with it what runs;"
                        + " chmod o-w it\n");
    }

    @Test
    void what_is_not_there_and_what_is_no_option_is_wrong_usage() {
        assertThat(check(temp.resolve("none.yml"))).isEqualTo(2);
        assertThat(err()).contains("none.yml: there is no such file or folder");
        assertThat(check("--jsn")).isEqualTo(2);
        assertThat(err()).contains("there is no option --jsn; usage: check [--json] [FILE|FOLDER...]");
        assertThat(check("--", "--json")).isEqualTo(2);
        assertThat(out()).isEmpty();
    }
}
