package io.leprechaun.daemon.recipe.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.recipe.Bounds;
import io.leprechaun.daemon.recipe.CatchUp;
import io.leprechaun.daemon.recipe.Expect;
import io.leprechaun.daemon.recipe.Linger;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.OnStop;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Overlap;
import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Retry;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Timing;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.When;
import io.leprechaun.daemon.recipe.Who;
import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.schedule.EveryNth;
import io.leprechaun.daemon.schedule.Window;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeReaderTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Settings SETTINGS = Settings.defaults(Path.of("/etc/leprechaun"), UTC);

    private final Problems problems = new Problems();

    @TempDir
    private Path folder;

    private Optional<Recipe> read(String text) {
        return read(RecipeReader.of(SETTINGS, problems), text);
    }

    private Optional<Recipe> read(RecipeReader reader, String text) {
        return reader.read(new Origin(Path.of("x.yml"), text, "hash"), problems);
    }

    private Recipe good(String text) {
        Optional<Recipe> recipe = read(text);
        assertThat(said()).isEmpty();
        return recipe.orElseThrow();
    }

    private Step step(String line) {
        return good("steps:\n" + line + "\n- end\n").steps().getFirst();
    }

    private List<String> said() {
        return problems.all().stream()
                .map(p -> p.line() + ":" + p.column() + ": " + p.severity() + ": " + p.message())
                .toList();
    }

    @Test
    void every_key_reaches_its_field() {
        Recipe recipe = good("""
            name: backup
            description: nightly dump
            definition: [cron, hook, schedule]
            pattern: ["30 2 * * *", "@monthly"]
            schedule: { day: 2, hour: 2, min: 10, sec: 5 }
            id: 45DE2239F-0000
            enabled: false
            timezone: Europe/Berlin
            env: { A: b, EMPTY: "", N: 0755, BLANK: " ", TAB: "\\t", LINE: "\\n", NONE: }
            dir: /srv/app
            umask: 077
            shell: [/bin/bash, -c]
            timeout: 1h30m
            grace: 3s
            overlap: parallel
            priority: -5
            lock: [db, { name: net, mode: shared }]
            only: mon-fri 22:00-06:00
            not: [12-24..12-26, sun]
            from: 2026-01-01
            until: 2026-12-31
            deadline: 1h
            jitter: 5m
            after: [dump, { recipe: mount, on: always }]
            catch_up: latest
            catch_up_window: 2h
            on_stop: kill
            retry: { times: 3, delay: 5s, backoff: 1.5, max_delay: 1m }
            linger: wait
            history: { output: 1m }
            expect: { min: 1s, max: 2h, output: "rows: [1-9]" }
            secrets: { PASSWORD: { file: /etc/secret } }
            nice: -5
            user: app
            group: 1000
            steps:
              - true
            """);

        assertThat(recipe.name()).isEqualTo(new RecipeName("backup"));
        assertThat(recipe.description()).isEqualTo("nightly dump");
        assertThat(recipe.triggers())
                .extracting(t -> t.getClass().getSimpleName())
                .containsExactly("Cron", "Hook", "Interval", "After");
        assertThat(recipe.trigger(Trigger.Interval.class))
                .contains(new Trigger.Interval(Duration.parse("P2DT2H10M5S")));
        assertThat(recipe.trigger(Trigger.Hook.class)).contains(new Trigger.Hook("45DE2239F-0000", HookPolicy.USUAL));
        assertThat(recipe.trigger(Trigger.After.class))
                .contains(new Trigger.After(List.of(
                        new Trigger.Dependency(new RecipeName("dump"), Trigger.On.SUCCESS),
                        new Trigger.Dependency(new RecipeName("mount"), Trigger.On.ALWAYS))));
        Trigger.Cron cron = recipe.trigger(Trigger.Cron.class).orElseThrow();
        assertThat(cron.text()).isEqualTo("30 2 * * *, @monthly");
        assertThat(cron.schedule().next(Instant.parse("2026-01-31T02:00:00Z")))
                .contains(Instant.parse("2026-01-31T23:00:00Z"));
        assertThat(recipe.policy())
                .isEqualTo(new Policy(
                        false,
                        Optional.of(Overlap.PARALLEL),
                        -5,
                        List.of(new Lock("db", Lock.Mode.EXCLUSIVE), new Lock("net", Lock.Mode.SHARED)),
                        new Timing(
                                new Windows(
                                        List.of(Window.parse("mon-fri 22:00-06:00")),
                                        List.of(Window.parse("12-24..12-26"), Window.parse("sun")),
                                        Optional.of(new Windows.Edge(
                                                "2026-01-01", LocalDateTime.parse("2026-01-01T00:00"))),
                                        Optional.of(new Windows.Edge(
                                                "2026-12-31", LocalDateTime.parse("2027-01-01T00:00")))),
                                Optional.of(Duration.ofHours(1)),
                                Duration.ofMinutes(5)),
                        new Retry(3, Duration.ofSeconds(5), 1.5, Duration.ofMinutes(1)),
                        new CatchUp(CatchUp.Which.LATEST, Optional.of(Duration.ofHours(2))),
                        OnStop.KILL));
        assertThat(recipe.bounds().timeout()).contains(Duration.ofMinutes(90));
        assertThat(recipe.bounds().grace()).isEqualTo(Duration.ofSeconds(3));
        assertThat(recipe.bounds().linger()).isEqualTo(Linger.WAIT);
        assertThat(recipe.bounds().history().output()).isEqualTo(1 << 20);
        assertThat(recipe.bounds().expect().min()).contains(Duration.ofSeconds(1));
        assertThat(recipe.bounds().expect().max()).contains(Duration.ofHours(2));
        assertThat(recipe.bounds().expect().output().orElseThrow().text()).isEqualTo("rows: [1-9]");
        assertThat(recipe.surroundings())
                .isEqualTo(new Surroundings(
                        List.of("/bin/bash", "-c"),
                        Map.of("A", "b", "EMPTY", "", "N", "0755", "BLANK", " ", "TAB", "\t", "LINE", "\n", "NONE", ""),
                        Map.of("PASSWORD", new SecretSource.File(Path.of("/etc/secret"))),
                        Optional.of(Path.of("/srv/app")),
                        077,
                        OptionalInt.of(-5),
                        new Who(Optional.of("app"), Optional.of("1000"), Optional.empty()),
                        ZoneId.of("Europe/Berlin")));
        assertThat(recipe.origin().hash()).isEqualTo("hash");
    }

    @Test
    void a_run_by_hand_uses_the_workers_of_the_first_trigger_whose_agent_is_enabled() {
        String keys = "\nsteps: [a]\npattern: '@daily'\nid: 45DE2239F-000045DE2239F\n";
        Recipe hookFirst = read("definition: [hook, cron]" + keys).orElseThrow();
        assertThat(hookFirst.workers(agent -> true)).isEqualTo(AgentName.SERVER);
        assertThat(hookFirst.workers(agent -> !agent.equals(AgentName.SERVER))).isEqualTo(AgentName.CRON);
        assertThat(hookFirst.workers(agent -> false)).isEqualTo(AgentName.BY_HAND);
        Recipe cronFirst = read("definition: [cron, hook]" + keys).orElseThrow();
        assertThat(cronFirst.workers(agent -> true)).isEqualTo(AgentName.CRON);
        assertThat(read("steps: [a]").orElseThrow().workers(agent -> true)).isEqualTo(AgentName.BY_HAND);
    }

    @Test
    void a_list_of_steps_is_enough() {
        Recipe recipe = good("steps: [pwd]");

        assertThat(recipe.name().value()).isEqualTo("x");
        assertThat(recipe.triggers()).isEmpty();
        assertThat(recipe.policy())
                .isEqualTo(new Policy(
                        true, Optional.empty(), 0, List.of(), Timing.ANY, Retry.NONE, CatchUp.NONE, OnStop.WAIT));
        assertThat(recipe.bounds())
                .isEqualTo(new Bounds(
                        Optional.of(Duration.ofHours(24)),
                        Duration.ofSeconds(10),
                        Linger.LEAVE,
                        Expect.NOTHING,
                        HistorySettings.DEFAULTS,
                        NotifyRules.DEFAULTS));
        assertThat(recipe.surroundings())
                .isEqualTo(new Surroundings(
                        List.of("/bin/sh", "-c"),
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        022,
                        OptionalInt.empty(),
                        new Who(Optional.empty(), Optional.empty(), Optional.empty()),
                        UTC));
        assertThat(recipe.steps())
                .containsExactly(new Step(
                        1,
                        Step.Action.Shell.of("pwd"),
                        false,
                        false,
                        false,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- touch ./test.txt          | ---  | touch ./test.txt | no marker",
                "- ! pg_dump app }>          | !-}  | pg_dump app      | unquoted: YAML takes ! for a tag",
                "- -> curl -fsS https://x/y  | -d-  | curl -fsS https://x/y | a dash behind the list's dash",
                "- \"! x\"                   | !--  | x                | quoted means the same",
                "- '-> x'                    | -d-  | x                | quoted means the same",
                "- \"! x }>\"                | !-}  | x                | both ends quoted",
                "- ! \"x y\"                 | !--  | x y              | marker before YAML's quotes",
                "- -> ! x }>                 | !-}  | x                | any order; piped, not detached",
                "- ! -> x }>                 | !-}  | x                | any order",
                "- echo hi }> # why          | --}  | echo hi          | a comment behind the marker",
                "- echo a  b   'c  d'        | ---  | echo a  b   'c  d' | blanks are kept",
                "- rm -rf \"dir 2020\"/x     | ---  | rm -rf \"dir 2020\"/x | quotes and digits",
                "- echo $VAR > /tmp/x 2>&1   | ---  | echo $VAR > /tmp/x 2>&1 | variables and redirections",
                "- echo hello!               | ---  | echo hello!      | no marker inside",
                "- test ! -e x               | ---  | test ! -e x      | no marker inside",
                "- echo '}>' x               | ---  | echo '}>' x      | no marker inside",
                "- no                        | ---  | no               | YAML 1.1's false is a command",
                "- 0755                      | ---  | 0755             | no number",
                "- echo a#b                  | ---  | echo a#b         | no comment without a blank",
            })
    void markers_are_taken_off(String line, String markers, String command, String why) {
        Step step = step(line);

        assertThat((step.must() ? "!" : "-") + (step.detached() ? "d" : "-") + (step.piped() ? "}" : "-"))
                .as(why)
                .isEqualTo(markers);
        assertThat(step.action()).as(why).isEqualTo(Step.Action.Shell.of(command));
    }

    @Test
    void a_script_of_several_lines_reaches_the_shell_byte_for_byte() {
        String script = "if true; then\n  echo \"a # b: c\"\\\n   x\nfi\n\n\techo 'ä' > \"$HOME/x y\"\n";
        String indented = script.indent(4).replaceAll("(?m)^ +$", "");

        assertThat(step("- |\n" + indented).action()).isEqualTo(Step.Action.Shell.of(script));
    }

    @Test
    void a_script_may_have_markers_too() {
        Step must = step("- ! |\n    a\n    b\n");
        Step piped = step("- |\n    -> a\n    b }>\n");

        assertThat(must.must()).isTrue();
        assertThat(must.action()).isEqualTo(Step.Action.Shell.of("a\nb\n"));
        assertThat(piped.piped()).isTrue();
        assertThat(piped.detached()).isFalse();
        assertThat(piped.action()).isEqualTo(Step.Action.Shell.of("a\nb"));
    }

    @Test
    void a_pattern_may_count_in_every_second_week_alone() {
        Recipe recipe = good("""
            definition: cron
            pattern: ["0 9 * * tue", "@every 12h"]
            every: 2w
            from: 2026-12-01
            timezone: UTC
            steps: [a]
            """);

        Trigger.Cron cron = recipe.trigger(Trigger.Cron.class).orElseThrow();
        assertThat(cron.every()).contains(EveryNth.Period.parse("2w"));
        assertThat(cron.schedule().next(Instant.parse("2026-12-01T00:00:00Z")))
                .contains(Instant.parse("2026-12-01T09:00:00Z"));
        assertThat(cron.schedule().next(Instant.parse("2026-12-07T12:00:00Z")))
                .contains(Instant.parse("2026-12-15T00:00:00Z"));
    }

    @Test
    void a_step_may_be_a_map() {
        List<Step> steps = good("""
            steps:
              - { run: "echo 'x: y'", name: say, must: true, pipe: true, timeout: 5s, env: { A: b }, dir: /tmp, when: always }
              - argv: [printf, "%s", "", 0755]
                detach: true
                when: always
            """).steps();

        assertThat(steps)
                .containsExactly(
                        new Step(
                                1,
                                Step.Action.Shell.of("echo 'x: y'"),
                                true,
                                false,
                                true,
                                Optional.of(Duration.ofSeconds(5)),
                                Map.of("A", "b"),
                                Optional.of(Path.of("/tmp")),
                                Optional.of("say"),
                                Optional.of(When.ALWAYS)),
                        new Step(
                                2,
                                new Step.Action.Program(List.of("printf", "%s", "", "0755")),
                                false,
                                true,
                                false,
                                Optional.empty(),
                                Map.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(When.ALWAYS)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- echo \"Status: ok\"      | 2:3: error: steps[1]: YAML reads this step as a map, because of `: `;"
                        + " quote it: -"
                        + " 'echo \"Status: ok\"'",
                "- echo it's: x             | 2:3: error: steps[1]: YAML reads this step as a map, because of `: `;"
                        + " quote it: -"
                        + " 'echo it''s: x'",
                "- ! echo a: b              | 2:3: error: steps[1]: YAML reads this step as a map, because of `: `;"
                        + " quote it: -"
                        + " '! echo a: b'",
                "- make all:                | 2:3: error: steps[1]: YAML reads this step as a map, because of `: `;"
                        + " quote it: -"
                        + " 'make all:'",
                "- { echo a; }              | 2:3: error: steps[1]: YAML reads this step as a map, because of `: `;"
                        + " quote it: -"
                        + " '{ echo a; }'",
                "- [ -f x ]                 | 2:3: error: steps[1]: YAML reads this step as a list; quote it: - '[ -f x"
                        + " ]'",
                "- [ -f x ] && y            | 2:13: error: `&` begins an anchor in YAML; quote the text: - '[ -f x ]"
                        + " && y'",
                "- \"a b\" c                | 2:9: error: unexpected text: the indentation changes, or text follows a"
                        + " closing quote or bracket; quote the text: - '\"a b\""
                        + " c'",
                "- echo \"a # b\"           | 2:3: error: steps[1]: ` #` begins a YAML comment and leaves a quote"
                        + " open; quote the text: 'echo \"a # b\"'",
                "- !foo x                   | 2:3: error: steps[1]: `!foo` is a YAML tag, which is refused; use `! foo"
                        + " x` for the marker, or quote the text: '!foo x'",
                "- !!str x                  | 2:3: error: steps[1]: `!!str` is a YAML tag, which is refused; quote"
                        + " the text: '!!str x'",
                "- *.sh                     | 2:4: error: `*` begins an alias in YAML; quote the text: - '*.sh'",
                "- echo a\\n"
                        + "  echo b        | 2:3: error: steps[1]: YAML joins these lines into one; use `BAR` at the start"
                        + " of the text, and the script on the lines below",
                "- -> BAR\\n"
                        + "  echo b          | 2:3: error: steps[1]: YAML joins these lines into one; use `BAR` at the"
                        + " start of the text, and the script on the lines below",
                "-                          | 2:2: error: steps[1]: empty step; add a command, or remove the line",
                "- \"  \"                   | 2:3: error: steps[1]: empty step; add a command, or remove the line",
                "- !                        | 2:3: error: steps[1]: empty step; add a command, or remove the line",
                "- ->                       | 2:3: error: steps[1]: empty step; add a command, or remove the line",
                "- \"! }>\"                 | 2:3: error: steps[1]: empty step; add a command, or remove the line",
                "- '!x'                     | 2:3: error: steps[1]: missing space after the marker; use `! x`",
                "- \"->\u00a0x\"               | 2:3: error: steps[1]: a no-break space (U+00A0) in place of a space"
                        + " after the marker; use `-> x`",
                "- ->x                      | 2:3: error: steps[1]: missing space after the marker; use `-> x`",
                "- echo x}>                 | 2:3: error: steps[1]: missing space before the marker `}>`; add one",
                "- \"! ! x\"                | 2:3: error: steps[1]: duplicate marker `!`; remove one",
                "- rmt:vault df -h          | 2:3: error: steps[1]: remote steps are not in this version yet; remove"
                        + " `rmt:vault`",
                "- ! rmt:vault df -h        | 2:3: error: steps[1]: remote steps are not in this version yet; remove"
                        + " `rmt:vault`",
                "- ! -> x                   | 2:3: warning: steps[1]: `!` has no effect with `->`, because the run"
                        + " does not wait for the step; remove one of them",
                "- runn: x                  | 2:3: error: steps[1]: a step needs either `run`, a text for the shell,"
                        + " or `argv`, a list without a shell#2:3: error: steps[1].runn: unknown key 'runn'; did"
                        + " you mean 'run'?",
                "- { run: x, on: vault }    | 2:13: error: steps[1].on: `on` is not in this version yet; remove it",
                "- { run: x, argv: [x] }    | 2:3: error: steps[1]: a step needs either `run`, a text for the shell,"
                        + " or `argv`, a list without a shell",
                "- run: ! x                 | 2:8: error: steps[1].run: markers are not allowed in a map; use `must:"
                        + " true` in place of `!`",
                "- run: x }>                | 2:8: error: steps[1].run: markers are not allowed in a map; use the"
                        + " keys `detach: true` or `pipe: true`",
                "- run: 'a: b' # c: \"d     | ``",
                "- argv: []                 | 2:9: error: steps[1].argv: `argv` needs a program and its arguments;"
                        + " use a list such as [tar, -cf, x.tar, x]",
            })
    void a_step_never_silently_means_something_else(String line, String messages) {
        read("steps:\n" + line.replace("\\n", "\n").replace("BAR", "|") + "\n- end\n");

        assertThat(String.join("#", said())).isEqualTo(messages.replace("BAR", "|"));
    }

    @Test
    void the_last_step_pipes_nowhere() {
        read("steps:\n- a }>\n- b }>\n");

        assertThat(said())
                .containsExactly(
                        "3:3: error: steps[2]: the last step has no step to pipe into; remove `}>`, or add a step");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                              | 1:1: error: missing steps; add commands under `steps:`, one a line"
                        + " after `- `",
                "steps: []                       | 1:8: error: steps: missing steps; add commands, one a line after"
                        + " `- `",
                "steps: echo hi                  | 1:8: error: steps: a text is not allowed; use a list of commands,"
                        + " one a line after `- `",
                "steps: [a]\\n" + "stepz: [b]         | 2:1: error: stepz: unknown key 'stepz'; did you mean 'steps'?",
                "steps: [a]\\n"
                        + "notify: { by: chat } | 2:15: error: notify.by: unknown notification target 'chat'; the settings"
                        + " have none",
                "steps: [a]\\n"
                        + "notify: { ping: 'https://kuma/api/push/x?status=up' } | 2:17: error: notify.ping: the"
                        + " address has the status in its query, so failures would be sent as successes; use two last"
                        + " steps, `curl -fsS 'ADDRESS'` and one with `when: failure`",
                "steps: [a]\\nlimits: {} | 2:1: error: limits: `limits` is not in this version yet; remove it",
                "steps: [a]\\nretry: { times: -1 } | 2:17: error: retry.times: invalid number '-1': use a whole"
                        + " number from 0 to 1000",
                "steps: [a]\\n"
                        + "retry: { backoff: 0.5 } | 2:19: error: retry.backoff: invalid factor '0.5': use 1 to 100,"
                        + " such as 2 or 1.5",
                "steps: [a]\\n"
                        + "expect: { min: 2h, max: 1h } | 2:11: error: expect.min: `min` is longer than `max`, so"
                        + " every run would fail; change one of them",
                "steps: [a]\\n"
                        + "expect: { output: '[' } | 2:19: error: expect.output: invalid pattern '[': missing"
                        + " closing ]; use RE2 syntax, without look-around and back references",
                "steps: [a]\\n"
                        + "history: { output: 1 } | 2:20: error: history.output: invalid size '1': use a size such as"
                        + " 64k, 16m or 1g",
                "steps: [a]\\n"
                        + "history: { output: 1k } | 2:20: error: history.output: '1k' is out of range; use at least"
                        + " 64 KiB",
                "steps: [a]\\n"
                        + "history: { keep: { days: 0 } } | 2:26: error: history.keep.days: invalid number '0': use a"
                        + " whole number from 1"
                        + " to 36500",
                "steps: [a]\\n"
                        + "history: { total: { runs: 3 } } | 2:12: error: history.total: unknown key 'total'; use one"
                        + " of output, keep",
                "steps: [a]\\n"
                        + "secrets: { A: b } | 2:15: error: secrets.A: a secret is not allowed in this file; use {"
                        + " file: PATH }, { env: NAME } or { credential: NAME }",
                "steps: [a]\\n"
                        + "secrets: { LEPRECHAUN_A: { env: B } } | 2:12: error: secrets.LEPRECHAUN_A: names that"
                        + " begin with LEPRECHAUN_ are reserved; use another name",
                "steps: [a]\\n"
                        + "secrets: { A: { env: B, file: c } } | 2:15: error: secrets.A: missing or ambiguous secret;"
                        + " use one of { file: PATH }, { env: NAME } or { credential: NAME }",
                "steps: [a]\\nuser: 'a:b' | 2:7: error: user: invalid user or group 'a:b': use up to 256 characters,"
                        + " without `:`, `/`, comma or control character, and no space at an end",
                "steps: [a]\\ngroup: 'a ' | 2:8: error: group: invalid user or group 'a ': use up to 256 characters,"
                        + " without `:`, `/`, comma or control character, and no space at an end",
                "steps: [a]\\nnice: 20 | 2:7: error: nice: invalid number '20': use a whole number from -20 to 19",
                "steps: [{run: a, pipe: true, when: always}, b] | 1:45: error: steps[2]: the steps of a pipeline run"
                        + " together; use the same `when` for all of them",
                "steps: [a]\\ndefinition: crn    | 2:13: error: definition: invalid value 'crn'; did you mean 'cron'?",
                "steps: [a]\\n"
                        + "definition: cron   | 2:1: error: definition: 'cron' needs `pattern`; add it, such as pattern:"
                        + " \"30 2 * * *\"",
                "steps: [a]\\n"
                        + "pattern: '@daily'  | 2:1: error: pattern: unused without `definition: cron`; add that, or"
                        + " remove this key",
                "steps: [a]\\n"
                        + "id: abcdefghij     | 2:1: error: id: unused without `definition: hook`; add that, or"
                        + " remove this key",
                "steps: [a]\\n"
                        + "definition: [cron, cron]\\n"
                        + "pattern: '@daily' | 2:1: error: definition: 'cron' is a duplicate; remove one",
                "steps: [a]\\n"
                        + "definition: hook\\n"
                        + "id: ''    | 3:5: error: id: missing value; add one, or remove the key",
                "steps: [a]\\n"
                        + "definition: hook\\n"
                        + "id: abc   | 3:1: warning: id: the id is short enough to guess, and starts the recipe; use"
                        + " 16 or more random letters and digits",
                "steps: [a]\\n"
                        + "definition: hook\\n"
                        + "id: 'a b' | 3:5: error: id: invalid hook id 'a b': use 1 to 128 letters, digits, . _ ~ or -",
                "steps: [a]\\n"
                        + "definition: schedule\\n"
                        + "schedule: { sec: 0 } | 3:11: warning: schedule: all values are zero: the recipe runs once,"
                        + " at each start of the daemon",
                "steps: [a]\\n"
                        + "definition: schedule\\n"
                        + "schedule: {}         | 3:11: error: schedule: missing interval; use day, hour, min or sec,"
                        + " such as { min: 10 }",
                "steps: [a]\\n"
                        + "definition: schedule\\n"
                        + "schedule: { mn: 1 }  | 3:11: error: schedule: missing interval; use day, hour, min or sec,"
                        + " such as { min: 10 }#3:13: error: schedule.mn: unknown key 'mn'; did you mean 'min'?",
                "steps: [a]\\n"
                        + "definition: schedule\\n"
                        + "schedule: { min: -1 } | 3:18: error: schedule.min: invalid number '-1': use a whole number"
                        + " from 0 to"
                        + " 999999999",
                "steps: [a]\\n"
                        + "definition: schedule\\n"
                        + "schedule: { hour: 999999999 } | 3:11: error: schedule: the interval is longer than 14600d;"
                        + " use a shorter one",
                "steps: [a]\\n"
                        + "definition: cron\\n"
                        + "pattern: ['@daily', '61 * * * *'] | 3:21: error: pattern[2]: the minute field '61': 61 is"
                        + " out of range; use 0 to 59",
                "steps: [a]\\n"
                        + "every: 2w        | 2:1: error: every: `every` needs a cron `pattern`; for an interval use"
                        + " `definition: schedule` and `schedule: { min: 10 }`",
                "steps: [a]\\n"
                        + "definition: schedule\\n"
                        + "schedule: { day: 14 }\\n"
                        + "every: 2w        | 4:1: error: every: `every` needs a cron `pattern`; for an interval use"
                        + " `definition: schedule` and `schedule: { min: 10 }`",
                "steps: [a]\\n"
                        + "definition: cron\\n"
                        + "pattern: 0 9 * * tue\\n"
                        + "every: 2w        | 4:1: error: every: missing day to count from; add one, such as `from:"
                        + " 2026-12-01`",
                "steps: [a]\\n"
                        + "definition: cron\\n"
                        + "pattern: 0 9 * * tue\\n"
                        + "from: tomorrow\\n"
                        + "every: 2h        | 4:7: error: from: invalid day or moment 'tomorrow': use 2026-12-01 or"
                        + " 2026-12-01 08:00#5:8: error: every: invalid period '2h': use days or weeks, such as 3d or"
                        + " 2w; for an interval use `definition: schedule` with `schedule: { min: 10 }`",
                "steps: [a]\\n"
                        + "definition: cron\\n"
                        + "pattern: '@reboot'\\n"
                        + "from: 2026-12-01\\n"
                        + "every: 2d        | 5:1: error: every: `@reboot` has no days to count; remove `every`, or"
                        + " that pattern",
                "steps: [a]\\n"
                        + "definition: cron\\n"
                        + "pattern: 0 9 * * tue\\n"
                        + "from: 2026-12-02\\n"
                        + "every: 14d       | 5:1: error: every: the pattern is never due in every 14d from"
                        + " 2026-12-02; use a `from` on which the pattern is due",
                "steps: [a]\\n"
                        + "name: ../x      | 2:7: error: name: invalid recipe name '../x': use 1 to 64 letters, digits,"
                        + " . _ or -, a letter or digit first, not digits alone",
                "steps: [a]\\n"
                        + "name: 42        | 2:7: error: name: invalid recipe name '42': use 1 to 64 letters, digits, ."
                        + " _ or -, a letter or digit first, not digits alone",
                "steps: [a]\\n"
                        + "timeout: 90     | 2:10: error: timeout: duration '90' has no unit: use a duration such as"
                        + " 90s, 10m, 1h30m or 2d",
                "steps: [a]\\ntimeout: 0s     | 2:10: error: timeout: '0s' is out of range; use 1ms to 3650d",
                "steps: [a]\\n"
                        + "env: { 1A: x }  | 2:8: error: env.1A: invalid variable name '1A': use letters, digits and"
                        + " _, without a digit first",
                "steps: [a]\\n"
                        + "env: { LEPRECHAUN_RUN: x } | 2:8: error: env.LEPRECHAUN_RUN: names that begin with"
                        + " LEPRECHAUN_ are reserved; use another name",
                "steps: [a]\\ndir: x          | 2:6: error: dir: invalid path 'x': use an absolute path",
                "steps: [a]\\n"
                        + "umask: 22       | 2:8: error: umask: invalid umask '22': use three octal digits, such as 022",
                "steps: [a]\\noverlap: skp    | 2:10: error: overlap: invalid value 'skp'; did you mean 'skip'?",
                "steps: [a]\\nenabled: maybe  | 2:10: error: enabled: invalid value 'maybe': use true or false",
            })
    void what_is_wrong_is_said_with_the_fix(String text, String messages) {
        Optional<Recipe> recipe = read(text.replace("\\n", "\n"));

        assertThat(String.join("#", said())).isEqualTo(messages);
        assertThat(recipe.isPresent()).isEqualTo(!problems.hasErrors());
    }

    @Test
    void a_file_whose_name_is_no_recipe_name_needs_one() {
        RecipeReader.of(SETTINGS, problems).read(new Origin(Path.of("2026.yml"), "steps: [a]", ""), problems);

        assertThat(said())
                .containsExactly("1:1: error: the file's name '2026' is not a recipe name; add `name:` with one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout: none", "timeout: 'none'"})
    void a_run_may_last_for_ever(String timeout) {
        assertThat(good("steps: [a]\n" + timeout).bounds().timeout()).isEmpty();
    }

    @Test
    void defaults_hold_for_the_agent_of_the_first_definition() throws IOException {
        Path file = Files.writeString(folder.resolve("leprechaun.yml"), """
            timezone: Europe/Berlin
            defaults: { timeout: 1h, env: { A: all, B: all } }
            agents:
              cron: { timezone: Asia/Tokyo, shell: [/bin/bash, -c], defaults: { timeout: none, env: { B: cron } } }
            """);
        Settings settings = new SettingsReader(UTC, Map.of()).read(file, Trust.lenient(), problems);
        RecipeReader reader = RecipeReader.of(settings, problems);

        Recipe cron = read(
                        reader,
                        "definition: [cron, hook]\npattern: '@daily'\nid: abcdefghi\nsteps: [a]\nenv: { C: own }")
                .orElseThrow();
        Recipe byHand = read(reader, "steps: [a]").orElseThrow();

        assertThat(said()).isEmpty();
        assertThat(cron.bounds().timeout()).isEmpty();
        assertThat(cron.surroundings().environment()).isEqualTo(Map.of("A", "all", "B", "cron", "C", "own"));
        assertThat(cron.surroundings().zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(cron.surroundings().shell()).containsExactly("/bin/bash", "-c");
        assertThat(byHand.bounds().timeout()).contains(Duration.ofHours(1));
        assertThat(byHand.surroundings().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    }

    @Test
    @Timeout(180)
    void many_mistakes_are_said_quickly() {
        var text = new StringBuilder("steps: [a]\n");
        for (int i = 0; i < 30_000; i++) {
            text.append("k").append(i).append(":\n");
        }
        read(text.toString());

        assertThat(problems.errors()).hasSize(101).last().asString().contains("and 29900 more");
    }

    @Test
    void wrong_defaults_are_said_once() throws IOException {
        Path file = Files.writeString(
                folder.resolve("leprechaun.yml"), "defaults: { timeot: 1h, name: x, node: a, grace: 2h }\n");
        RecipeReader.of(new SettingsReader(UTC, Map.of()).read(file, Trust.lenient(), problems), problems);

        assertThat(said())
                .containsExactly(
                        "1:13: error: defaults.timeot: unknown key 'timeot'; did you mean 'timeout'?",
                        "1:25: error: defaults.name: not allowed as a default for all recipes; remove it",
                        "1:34: error: defaults.node: `node` is not in this version yet; remove it",
                        "1:50: error: defaults.grace: '2h' is out of range; use 0s to 1h");
        assertThat(problems.all()).allMatch(Problem::isError);
    }

    /** The names that winbind and sssd give to users of a domain. */
    @ParameterizedTest
    @ValueSource(strings = {"ACME\\bob", "domain users", "bob@acme.example", "70514", "jos\u00e9", "host$", "a.b-c_d"})
    void names_that_a_host_may_know_are_accepted(String name) {
        Recipe recipe = TestRecipes.of("a", "steps: [a]\nuser: '" + name + "'\ngroup: '" + name + "'\n");
        assertThat(recipe.surroundings().who().user()).contains(name);
        assertThat(recipe.surroundings().who().group()).contains(name);
    }

    /** MAX_ARG_STRLEN: the kernel starts no command with a longer word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "steps: [ ': LONG' ]                       | 2",
                "steps: [ { run: ': LONG' } ]              | 2",
                "steps: [ { argv: [ echo, LONG ] } ]       | 0",
                "steps: [ 'true' ]\\nenv: { A: LONG }      | 2",
                "steps: [ { run: a, env: { A: LONG } } ]   | 2"
            })
    void a_word_that_the_kernel_does_not_take_is_refused_and_the_longest_is_not(String text, int besides) {
        String lines = text.replace("\\n", "\n");
        String longest = "x".repeat(131_071 - besides);
        assertThat(TestRecipes.of("a", lines.replace("LONG", longest)).steps()).hasSize(1);
        assertThatThrownBy(() -> TestRecipes.of("a", lines.replace("LONG", longest + "\u00e4")))
                .hasMessageContaining(
                        "the argument has 131073 bytes, and the kernel allows 131071; put the text into a file");
    }

    @Test
    void a_command_of_many_plain_words_may_be_longer_than_one_word() {
        String words = "x".repeat(100_000);
        assertThat(TestRecipes.of("a", "steps: [ ls " + words + " " + words + " ]")
                        .steps())
                .hasSize(1);
        assertThatThrownBy(() -> TestRecipes.of("a", "steps: [ ls " + words + words + " ]"))
                .hasMessageContaining("the argument has 200000 bytes");
    }
}
