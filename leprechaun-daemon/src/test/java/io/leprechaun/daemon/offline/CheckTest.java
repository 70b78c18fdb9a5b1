package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Places;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verbs;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.recipe.reader.Definitions;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
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
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private Loaded loaded() {
        var places = new Places(Map.of(), temp, false, Optional.empty(), _ -> false);
        return new Loaded(places, settings, reader, Definitions.SHIPPED, RecipeReader.of(settings, new Problems()));
    }

    private Path write(String file, String text) throws IOException {
        return Files.writeString(settings.recipes().resolve(file), text);
    }

    private int check(Object... words) {
        List<String> texts = List.of(words).stream().map(Object::toString).toList();
        try (var o = new PrintStream(out, true, StandardCharsets.UTF_8);
                var e = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            boolean json = !texts.isEmpty() && texts.getFirst().equals("--json");
            var typed = json ? texts.subList(1, texts.size()) : texts;
            var arguments = Verbs.find("check").orElseThrow().form().parse(typed);
            var printer = new Printer(new OutputOptions(json, false, false, 0), o, e);
            return Check.run(arguments, Trust.lenient(), loaded(), found, printer);
        } catch (ProblemException e) { // as whoever calls it prints it
            err.writeBytes((Printable.of(e.problem().detail()) + "\n").getBytes(StandardCharsets.UTF_8));
            return e.problem().code().number();
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
    void every_problem_is_a_line_and_shows_where_it_is() throws IOException {
        Path a = write("a.yml", "steps: [pwd]\nschedule: { min: 1 }\nname: x y");
        Path b = write("b.yml", "steps:\n- ! -> pwd\n");

        assertThat(check()).isEqualTo(1);
        assertThat(out())
                .isEqualTo(a
                        + ":2:1: error: schedule: unused without `definition: schedule`; add that, or remove this"
                        + " key\n  2 | schedule: { min: 1 }\n    | ^\n"
                        + a
                        + ":3:7: error: name: invalid recipe name 'x y': use 1 to 64 letters, digits, . _ or -, a"
                        + " letter or digit first, not digits alone\n  3 | name: x y\n    |       ^\n"
                        + b
                        + ":2:3: warning: steps[1]: `!` has no effect with `->`, because the run does not wait for"
                        + " the step; remove one of them\n  2 | - ! -> pwd\n    |   ^\n");
        assertThat(err()).isEqualTo("2 recipes, 2 errors, 1 warning\n");
    }

    @Test
    void a_files_name_forges_no_line_and_drives_no_terminal() throws IOException {
        write("b\nc.yml:1:1: error: forged\u001b]52;c;aGk=\u0007\u202e.yml", "steps: [pwd]\nname: x y");

        assertThat(check()).isEqualTo(1);
        assertThat(out()).contains("/b\\nc.yml:1:1: error: forged\\e]52;c;aGk=\\x07\\u202e.yml:2:7: error: ");
        assertThat(out().lines().filter(line -> line.startsWith("c.yml"))).isEmpty();
        assertThat(check("gone\u001b[2J.yml")).isEqualTo(2);
        assertThat(check("--\u001b[2J")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("\\e[2J").doesNotContain("\u001b");
    }

    @Test
    void warnings_alone_are_no_failure() throws IOException {
        Path file = write("a.yml", "definition: schedule\nschedule: { sec: 0 }\nsteps: [a]\n");

        assertThat(check(file)).isZero();
        assertThat(out()).contains(": warning: schedule: all values are zero");
    }

    @Test
    void json_is_one_document() throws IOException {
        Path file = write("a.yml", "steps: []");

        assertThat(check("--json", file)).isEqualTo(1);
        assertThat(out())
                .isEqualTo("{\"problems\":[{\"file\":\"" + file
                        + "\",\"line\":1,\"column\":8,\"severity\":\"error\",\"message\":\"steps:"
                        + " missing steps; add commands, one a line after `- `\"}]}\n");
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
        settings = reader.read(file, Trust.lenient(), found);

        assertThat(check()).isEqualTo(1);
        assertThat(out()).startsWith(file + ":1:11: error: timezone: invalid time zone 'Mars/Base'");
    }

    @Test
    void a_settings_file_is_checked_as_one() throws IOException {
        Path file = Files.writeString(temp.resolve("leprechaun.yml"), "defaults: { timeout: 0 }\n");

        assertThat(check(file)).isEqualTo(1);
        assertThat(out())
                .isEqualTo(file
                        + ":1:22: error: defaults.timeout: duration '0' has no unit: use a duration such as 90s, 10m,"
                        + " 1h30m or 2d\n  1 | defaults: { timeout: 0 }\n    |                      ^\n");
    }

    @Test
    void two_recipes_of_a_folder_do_not_share_a_name() throws IOException {
        write("a.yml", "name: x\nsteps: [a]");
        write("b.yml", "name: x\nsteps: [a]");

        assertThat(check(settings.recipes())).isEqualTo(1);
        assertThat(out())
                .contains("b.yml:1:1: error: the name 'x' is ")
                .contains("already used by ", "a.yml; change it there");
    }

    @Test
    void a_file_that_everybody_may_change_is_suspicious() throws IOException {
        Path file = write("a.yml", "steps: [a]");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(check()).isZero();
        assertThat(out())
                .isEqualTo(file
                        + ":1:1: warning: " + file + " is writable for all users: close it with `chmod go-w " + file
                        + "`\n");
    }

    @Test
    void what_is_not_there_and_what_is_no_option_is_wrong_usage() {
        assertThat(check(temp.resolve("none.yml"))).isEqualTo(2);
        assertThat(err()).contains("none.yml: no such file or folder");
        assertThat(check("--jsn")).isEqualTo(2);
        assertThat(err()).contains("unknown option --jsn: did you mean `--json`?");
        assertThat(check("--", "--json")).isEqualTo(2);
        assertThat(out()).isEmpty();
    }

    @Test
    void each_problem_shows_its_line_with_a_caret_under_the_spot() throws IOException {
        write("zoe.yml", "description: 掃除\nsteps:\n  - run: 掃 x\n    tmeout: 5m\n");
        assertThat(check()).isEqualTo(1);
        assertThat(out())
                .contains("zoe.yml:4:5: error: steps[1].tmeout: unknown key 'tmeout'; did you mean 'timeout'?\n"
                        + "  4 |     tmeout: 5m\n"
                        + "    |     ^\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        definition: cron\\npattern: '* * * * * *'\\nsteps: [ 'true' ] | due every second
        steps: [ cat ]                        | the standard input of this step is empty
        steps: [ 'read answer' ]              | the standard input of this step is empty
        steps: [ 'gzip -c > app.gz' ]         | the standard input of this step is empty
        steps: [ '! -> true' ]                | `!` has no effect with `->`
        definition: schedule\\nschedule: { min: 0 }\\nsteps: [ 'true' ] | all values are zero
        definition: hook\\nid: abc\\nsteps: [ 'true' ] | the id is short
        """)
    void legal_nonsense_is_warned_of(String text, String warning) throws IOException {
        write("odd.yml", text.replace("\\n", "\n") + "\n");
        assertThat(check()).isZero();
        assertThat(out()).contains(": warning: ").contains(warning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "steps: [ 'echo x }>', cat ]",
                "steps: [ 'cat < file' ]",
                "steps: [ 'cat file' ]",
                "steps: [ 'readlink x' ]",
                "steps: [ 'echo x | gzip' ]",
                "definition: cron\npattern: '0 * * * * *'\nsteps: [ 'true' ]"
            })
    void what_makes_sense_is_not_warned_of(String text) throws IOException {
        write("good.yml", text + "\n");
        assertThat(check()).isZero();
        assertThat(out()).contains("no problems");
    }

    @Test
    void an_originals_settings_are_told_in_todays_words_with_what_changes() throws IOException {
        write("job.yml", "definition: cron\npattern: '* * * * *'\nsteps:\n  - rm -rf /data/2020\n");
        write("every.yml", "definition: schedule\nschedule: { min: 10 }\nsteps:\n  - touch x\n");
        Path ini = Files.writeString(temp.resolve("config.ini"), """
            # where it logs
            error_log = var/log/error.log
            recipes_path = recipes
            max_allowed_workers = 7
            max_allowed_queue_workers = 9
            cron.max_allowed_workers = 2
            server.port = 11400
            server.domain = "https://example.org"
            smtp_host = mail.example.org
            smtp_username = reports@example.org
            smtp_password = hush ; not here
            notifications_email = ops@example.org
            colour = red
            [variables]
            testFile = ./test.txt
            """);
        assertThat(check("--from-original", ini)).isZero();
        assertThat(out())
                .contains(
                        ini + ":2:1: warning: error_log: the log goes to stderr",
                        ini + ":7:1: warning: server.port: hooks are accepted on 127.0.0.1 only",
                        ini + ":8:1: warning: server.domain: certificates are not fetched",
                        ini + ":11:1: warning: smtp_password: passwords are not allowed in the settings",
                        ini + ":13:1: warning: colour: unknown key",
                        "job.yml:1:1: warning: pattern: five fields begin with the minute",
                        "job.yml:1:1: warning: steps: /bin/sh runs them unchanged",
                        "every.yml:1:1: warning: schedule: the recipe runs after every interval")
                .doesNotContain("hush", "every.yml:1:1: warning: steps");
        String settings = out().substring(out().indexOf("# equivalent leprechaun.yml"));
        assertThat(settings)
                .contains(
                        "workers: { max: 7, queue: 9 }", "cron: { workers: { max: 2 } }", "listen: \"127.0.0.1:11400\"")
                .contains("testFile: './test.txt'", "to: [ops@example.org]");
        var problems = new Problems();
        Path written = Files.writeString(
                temp.resolve("leprechaun.yml"),
                settings.replace("{ file: /etc/leprechaun/smtp-password }", "{ env: PW }"));
        var read = new SettingsReader(ZoneId.of("UTC"), Map.of("PW", "x")).read(written, Trust.lenient(), problems);
        assertThat(problems.all()).as("what it wrote loads").isEmpty();
        assertThat(read.recipes()).isEqualTo(this.settings.recipes());
        assertThat(read.agent(AgentName.CRON).workers().max()).isEqualTo(2);
        assertThat(read.agent(AgentName.SCHEDULER).workers().queue()).isEqualTo(9);
    }

    @Test
    void a_line_that_may_hold_a_secret_is_not_shown() throws IOException {
        Path file = Files.writeString(
                temp.resolve("leprechaun.yml"),
                "notify:\n  mail: { smtp: 'smtp://u:hush@mail.example.org', from: a@b.c, to: d@e.f }\n");
        assertThat(check(file)).isEqualTo(1);
        assertThat(out()).contains("the address contains a password").doesNotContain("hush");
    }

    /** What people bring along from cron, shells and other programs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- cd /srv | step 1: `cd`: the change of folder ends with the step",
                "- cd | step 1: `cd`: the change of folder ends with the step",
                "- export A=b | step 1: `A`: the variable ends with the step",
                "- A=\"b c\" | step 1: `A`: the variable ends with the step",
                "- source ~/.profile | step 1: `source`: the settings of the file end with the step",
                "- . ./env | step 1: `.`: the settings of the file end with the step",
                "- set -euo pipefail | step 1: `set`: it ends with the step",
                "- ulimit -n 4096 | step 1: `ulimit`: it ends with the step",
                "- echo \u201chi\u201d | step 1: '\u201c' is a typographic character",
                "- grep \u2018x\u2019 f | step 1: '\u2018' is a typographic character",
                "- ls \u2013la | step 1: '\u2013' is a typographic character",
                "- ls\u00a0-l | step 1: a no-break space (U+00A0) does not separate words in a shell; type a space",
                "- ls -l\u200b | step 1: an unusual space (U+200B) does not separate words in a shell; type a space",
                "- echo \"x-$(date +\\%F).log\" | step 1: `\\%` is crontab syntax, where % begins a new line; use %"
                        + " alone",
                "- { run: x, env: { MAILTO: a@b.c } } | step 1: env.MAILTO: no effect",
                "- 0 3 * * * /usr/bin/backup | step 1: a line of a crontab",
                "- '@daily /usr/bin/backup' | step 1: a line of a crontab",
                "- { run: x, env: { A: '~/b' } } | step 1: env.A: '~/b' is not expanded",
            })
    void what_is_probably_not_meant_is_warned_of(String step, String doubt) throws IOException {
        write("a.yml", "steps:\n" + step + "\n");
        assertThat(check()).isZero();
        assertThat(out()).contains(": warning: " + doubt);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cd /srv && make",
                "cd /srv; make",
                "A=b make",
                "export A=b; make",
                ". ./env && make",
                "set -e; make",
                "echo '\u00fcber \u2013 unter'",
                "echo '10\u00a0km'",
                "sleep 5",
                "echo 0 3 x y z /usr/bin/backup"
            })
    void what_may_well_be_meant_is_not(String step) throws IOException {
        write("a.yml", "steps:\n- \"" + step.replace("\"", "\\\"") + "\"\n");
        assertThat(check()).as(out()).isZero();
        assertThat(out()).isEqualTo("1 recipe, no problems\n");
    }

    @Test
    void variables_of_crontabs_are_told_to_do_nothing() throws IOException {
        String env = "env: { CRON_TZ: Asia/Tokyo, TZ: Asia/Tokyo, MAILTO: a@b.c }\nsteps: [ date ]\n";
        write("a.yml", "definition: cron\npattern: '@daily'\n" + env);
        write("b.yml", "definition: cron\npattern: '@daily'\ntimezone: Asia/Tokyo\n" + env);
        write("c.yml", env);
        assertThat(check()).isZero();
        assertThat(out().lines().filter(line -> line.contains(": warning: ")))
                .extracting(line -> line.replaceAll(".*/(.)\\.yml:.*: warning: (\\S+): .*", "$1 $2"))
                .containsExactlyInAnyOrder(
                        "a env.CRON_TZ",
                        "a env.TZ",
                        "a env.MAILTO",
                        "b env.CRON_TZ",
                        "b env.MAILTO",
                        "c env.CRON_TZ",
                        "c env.MAILTO");
    }

    @Test
    void files_that_are_not_read_for_their_names_are_told() throws IOException {
        for (String name :
                List.of("a.yml", "B.YML", "c.yml.txt", "d.Yaml", "e.yml~", ".f.YML", "#g.yml.txt", "h.txt")) {
            write(name, "steps: [ 'true' ]\n");
        }
        Files.createDirectory(settings.recipes().resolve("i.YML"));
        assertThat(check()).isZero();
        assertThat(out().lines().filter(line -> line.contains("not read as a recipe")))
                .extracting(line -> line.replaceAll(".*/([^/]*):1:1: warning: .*", "$1"))
                .containsExactly("B.YML", "c.yml.txt", "d.Yaml");
        assertThat(err()).contains("1 recipe, 0 errors, 3 warnings");
    }

    @Test
    void a_byte_order_mark_before_a_scripts_first_line_is_told() throws IOException {
        Path script = Files.writeString(temp.resolve("bom.sh"), "\ufeff#!/bin/bash\ntrue\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        write("a.yml", "steps: [ " + script + " ]\n");
        assertThat(check()).isZero();
        assertThat(out())
                .contains("step 1: sh runs " + script
                        + ", because a byte order mark precedes its `#!`: sed -i '1s/^\\xef\\xbb\\xbf//' " + script);
    }

    @Test
    void values_are_not_expanded_and_either_day_matches() throws IOException {
        write("a.yml", """
            definition: cron
            pattern: ['0 0 13 * 5', '0 0 */2 * 5', '0 0 1 * ?']
            env: { PATH: '/opt/bin:$PATH', PLAIN: a$ }
            steps: [ 'true' ]
            """);
        assertThat(check()).isZero();
        assertThat(out())
                .contains(
                        "pattern: '0 0 13 * 5' is due on each day that matches the day field '13' or the weekday field"
                                + " '5'",
                        "env.PATH: '/opt/bin:$PATH' is not expanded")
                .doesNotContain("*/2 * 5' is", "0 0 1 * ?' is", "PLAIN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cron: '0 3 * * *' | cron: unknown key 'cron'; use `definition: cron`, and a pattern such as `pattern:",
                "on: { push: } | on: unknown key 'on'; use `definition:`",
                "command: /bin/x | command: unknown key 'command'; use `steps:`",
                "working-directory: /x | unknown key 'working-directory'; use `dir:`",
                "environment: { A: b } | unknown key 'environment'; use `env:`",
                "retries: 3 | unknown key 'retries'; use `retry`, such as `retry: { times: 3 }`",
                "concurrencyPolicy: Forbid | unknown key 'concurrencyPolicy'; use `overlap: skip`",
                "schedule: '0 3 * * *' | schedule: for a cron pattern use `pattern:`, with `definition: cron`",
                "steppes: x | unknown key 'steppes'; did you mean 'steps'?"
            })
    void keys_of_other_programs_are_answered_with_ours(String line, String answer) throws IOException {
        write("a.yml", line + "\nsteps: [ 'true' ]\n");
        assertThat(check()).isEqualTo(1);
        assertThat(out()).contains(answer);
    }
}
