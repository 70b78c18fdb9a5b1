package io.leprechaun.daemon.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.settings.notify.MailSettings;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.settings.notify.NotifySettings;
import io.leprechaun.daemon.settings.notify.TargetSettings;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.units.Address;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
    private static final ZoneId HOST = ZoneId.of("Asia/Kathmandu");

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    private Settings read(String text) throws IOException {
        return read(text, Map.of());
    }

    private Settings read(String text, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("leprechaun.yml"), text);
        return new SettingsReader(HOST, environment).read(file, Trust.lenient(), problems);
    }

    private List<String> said() {
        return problems.all().stream()
                .map(p -> p.file().getFileName() + ":" + p.line() + ":" + p.column() + ": " + p.severity() + ": "
                        + p.message())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# only a comment\n", "---\n", "agents:\n  cron:\n  server:\ndefaults:\nworkers:\nnotify:\n"
            })
    void an_empty_file_means_the_defaults(String text) throws IOException {
        Settings settings = read(text);

        assertThat(said()).isEmpty();
        assertThat(settings.file()).contains(folder.resolve("leprechaun.yml"));
        assertThat(settings.recipes()).isEqualTo(folder.resolve("recipes"));
        assertThat(settings.zone()).isEqualTo(HOST);
        assertThat(settings.shell()).containsExactly("/bin/sh", "-c");
        assertThat(settings.agents().keySet()).containsExactly(AgentName.SCHEDULER, AgentName.CRON, AgentName.SERVER);
        assertThat(settings.agent(AgentName.SCHEDULER).workers()).isEqualTo(new WorkerSettings(5, 1000));
        assertThat(settings.agent(AgentName.CRON).workers()).isEqualTo(new WorkerSettings(5, 1000));
        assertThat(settings.agent(AgentName.SERVER).workers()).isEqualTo(new WorkerSettings(5, 100));
        assertThat(settings.agent(AgentName.SERVER).hooks()).contains(HookSettings.DEFAULTS);
        assertThat(settings.agents().values())
                .allMatch(AgentSettings::enabled)
                .allMatch(a -> a.zone().equals(HOST));
        assertThat(settings.notices()).isEqualTo(NotifySettings.DEFAULTS);
        assertThat(settings.metrics()).isEqualTo(MetricsSettings.DEFAULTS);
        assertThat(settings.state()).isEmpty();
        assertThat(settings.socket()).isEmpty();
    }

    @Test
    void every_key_reaches_its_field() throws IOException {
        Files.writeString(folder.resolve("smtp"), "s3cret\n");
        Settings settings = read("""
            recipes: ../elsewhere
            timezone: Europe/Berlin
            shell: [/bin/bash, -euc]
            workers: { max: 7, queue: 70 }
            run_as: leprechaun
            history: { output: 2m }
            defaults: { timeout: 1h }
            state: state
            socket: /run/x.sock
            agents:
              scheduler: { enabled: false, timezone: UTC, shell: [/bin/dash, -c], defaults: { grace: 1s } }
              cron: { workers: { max: 10 } }
              server: { listen: "[::1]:80", workers: { queue: 0 }, run_as: hooks }
              remote: { enabled: false, listen: "0.0.0.0:8902", allow: ["df -h"] }
            console: off
            metrics: { recipes: 10, textfile: x/leprechaun.prom }
            store: embedded
            notify:
              mail:
                smtp: smtp://user@mail.example.org:2525
                security: tls
                password: { file: smtp }
                from: leprechaun@host
                to: [ops@example.org, dev@example.org]
              on: [success, missed]
            """);

        assertThat(said()).isEmpty();
        assertThat(settings.recipes()).isEqualTo(folder.resolveSibling("elsewhere"));
        assertThat(settings.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(settings.shell()).containsExactly("/bin/bash", "-euc");
        assertThat(settings.state()).contains(folder.resolve("state"));
        assertThat(settings.socket()).contains(Path.of("/run/x.sock"));
        assertThat(settings.defaults()).isPresent();
        assertThat(settings.runAs()).contains("leprechaun");
        assertThat(settings.agent(AgentName.CRON).runAs()).contains("leprechaun");
        assertThat(settings.agent(AgentName.SERVER).runAs()).contains("hooks");
        assertThat(settings.history().output()).isEqualTo(2 << 20);
        AgentSettings scheduler = settings.agent(AgentName.SCHEDULER);
        assertThat(scheduler.enabled()).isFalse();
        assertThat(scheduler.zone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(scheduler.shell()).containsExactly("/bin/dash", "-c");
        assertThat(scheduler.defaults()).isPresent();
        assertThat(scheduler.workers()).isEqualTo(new WorkerSettings(7, 70));
        assertThat(settings.agent(AgentName.CRON).workers()).isEqualTo(new WorkerSettings(10, 70));
        assertThat(settings.agent(AgentName.CRON).zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(settings.agent(AgentName.SERVER).workers()).isEqualTo(new WorkerSettings(7, 0));
        assertThat(settings.agent(AgentName.SERVER).hooks())
                .map(HookSettings::listen)
                .contains(new Address("::1", 80));
        assertThat(settings.metrics())
                .isEqualTo(new MetricsSettings(10, Optional.of(folder.resolve("x/leprechaun.prom"))));
        assertThat(settings.notices().telling().on())
                .containsExactlyInAnyOrder(NoticeEvent.SUCCESS, NoticeEvent.MISSED);
        assertThat(settings.notices().mail())
                .contains(new MailSettings(
                        "mail.example.org",
                        2525,
                        MailSettings.Security.TLS,
                        Optional.of("user"),
                        Optional.of(new Secret("s3cret")),
                        "leprechaun@host",
                        List.of("ops@example.org", "dev@example.org")));
        assertThat(settings.toString()).contains("***").doesNotContain("s3cret");
    }

    @Test
    void everything_wrong_is_said_at_once() throws IOException {
        Settings settings = read("""
            recipies: x
            timezone: Europe/Berlinn
            shell: /bin/sh
            workers: { max: 0, queue: many }
            run_as: [leprechaun]
            agents:
              cron: { workers: { maxx: 3 }, listen: "1.2.3.4:5" }
              server: { listen: 11400, tls: { certificate: x } }
              remote: { listen: "0.0.0.0:1" }
              chron: {}
            remotes: { vault: "x:1" }
            console: { listen: "0.0.0.0:11401", open: never, url: "https://x/../p", proxy: {} }
            history: { output: 16, keep: { days: some, run: 3 } }
            notify:
              mail: { smtp: "smtp://user:pw@host", password: hunter2, from: "a b" }
              on: [failures]
            store: jdbc:postgresql://x/y
            """);

        assertThat(said())
                .containsExactly(
                        "leprechaun.yml:1:1: error: recipies: unknown key 'recipies'; did you mean 'recipes'?",
                        "leprechaun.yml:2:11: error: timezone: invalid time zone 'Europe/Berlinn': did you mean"
                                + " 'Europe/Berlin'?",
                        "leprechaun.yml:3:8: error: shell: invalid shell; use a list that begins with an absolute"
                                + " path, such as [/bin/sh, -c]",
                        "leprechaun.yml:4:17: error: workers.max: invalid number '0': use a whole number from 1 to"
                                + " 10000",
                        "leprechaun.yml:4:27: error: workers.queue: invalid number 'many': use a whole number from 0"
                                + " to 1000000",
                        "leprechaun.yml:5:9: error: run_as: a list is not allowed; use a single text",
                        "leprechaun.yml:7:22: error: agents.cron.workers.maxx: unknown key 'maxx'; did you"
                                + " mean 'max'?",
                        "leprechaun.yml:7:33: error: agents.cron.listen: unknown key 'listen'; use one of enabled,"
                                + " workers, timezone, shell, run_as, defaults",
                        "leprechaun.yml:8:21: error: agents.server.listen: invalid address '11400': use HOST:PORT,"
                                + " such as 127.0.0.1:11400",
                        "leprechaun.yml:8:33: error: agents.server.tls: `key` is missing; use certificate and key,"
                                + " both PEM files",
                        "leprechaun.yml:9:11: error: agents.remote: the agent `remote` is not in this version yet;"
                                + " remove it, or use `enabled: false`",
                        "leprechaun.yml:10:3: error: agents.chron: unknown key 'chron'; did you mean 'cron'?",
                        "leprechaun.yml:11:1: error: remotes: `remotes` is not in this version yet; remove it",
                        "leprechaun.yml:12:12: error: console.listen: callers on other hosts would send their tokens"
                                + " unencrypted; add tls: { certificate: FILE, key: FILE }, or use 127.0.0.1 and a proxy"
                                + " with TLS",
                        "leprechaun.yml:12:43: error: console.open: invalid word 'never'; use `asked`, `always` or"
                                + " `off`",
                        "leprechaun.yml:12:55: error: console.url: invalid address; use https://HOST or http://HOST,"
                                + " with a port or a plain path if they are needed",
                        "leprechaun.yml:12:73: error: console.proxy: `proxy` is not in this version yet; remove it",
                        "leprechaun.yml:13:20: error: history.output: invalid size '16': use a size such as 64k, 16m"
                                + " or 1g",
                        "leprechaun.yml:13:38: error: history.keep.days: invalid number 'some': use a whole number"
                                + " from 1 to 36500",
                        "leprechaun.yml:13:44: error: history.keep.run: unknown key 'run'; did you mean" + " 'runs'?",
                        "leprechaun.yml:15:9: error: notify.mail: `to` is missing; use smtp, from and to",
                        "leprechaun.yml:15:17: error: notify.mail.smtp: the address contains a password; move it to"
                                + " `password: { file: PATH }`",
                        "leprechaun.yml:15:50: error: notify.mail.password: a secret is not allowed in this file; use"
                                + " { file: PATH }, { env: NAME } or { credential: NAME }",
                        "leprechaun.yml:15:65: error: notify.mail.from: invalid mail address 'a b': use a bare"
                                + " address, such as ops@example.org",
                        "leprechaun.yml:16:8: error: notify.on[1]: invalid value 'failures'; did you mean 'failure'?",
                        "leprechaun.yml:17:8: error: store: a store other than `embedded` is not in this version yet;"
                                + " use `store: embedded`");
        assertThat(settings.agent(AgentName.CRON).workers()).isEqualTo(WorkerSettings.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp://localhost            | PLAIN    | localhost | 25  | a server on this host is spoken to plainly",
                "smtp://127.0.0.1:2525       | PLAIN    | 127.0.0.1 | 2525 | the same with a port",
                "smtp://mail.example.org     | STARTTLS | mail.example.org | 587 | others must turn to TLS",
                "smtps://mail.example.org    | TLS      | mail.example.org | 465 | TLS from the first byte",
                "smtp://[::1]                | PLAIN    | ::1 | 25 | an address without its brackets",
            })
    void a_mail_server_says_how_it_is_spoken_to(
            String smtp, MailSettings.Security security, String host, int port, String why) throws IOException {
        Settings settings = read("notify: { mail: { smtp: \"" + smtp + "\", from: a@b, to: c@d } }");

        assertThat(said()).isEmpty();
        assertThat(settings.notices().mail())
                .as(why)
                .contains(new MailSettings(
                        host, port, security, Optional.empty(), Optional.empty(), "a@b", List.of("c@d")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b\\r\\nBcc: x@y",
                "a@b\\nx",
                "a\\0@b",
                "a\\u2028@b",
                "x <a@b>",
                "a",
                "a@b,c@d",
                "a@b@c",
                "a b@c",
                "a..b@c",
                ".a@b",
                "a@b..c",
                "a@-b",
                "a@b_c",
                "a@[127.0.0.1]",
                "zoë@example.org",
                "\\\"a b\\\"@c",
                "=?UTF-8?Q?a=0D?=@b c",
            })
    void a_mail_address_is_bare_and_injects_nothing(String address) throws IOException {
        read("notify: { mail: { smtp: \"smtp://localhost\", from: a@b, to: [\"" + address + "\"] } }");

        assertThat(said())
                .singleElement()
                .asString()
                .contains("notify.mail.to[1]")
                .contains("invalid mail address");
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://me@example.org@mail.example.org:587, true",
        "'smtp://DOMAIN\\me@mail.example.org', true",
        "smtp://me and you@mail.example.org, true",
        "smtp://me@mail_example, false",
        "mail.example.org:25, false",
    })
    void a_user_that_is_not_understood_is_said_how_to_write(String smtp, boolean hint) throws IOException {
        read(
                "notify: { mail: { smtp: '" + smtp + "', password: { env: SMTP }, from: a@b, to: c@d } }",
                Map.of("SMTP", "x"));
        String said = said().toString();
        assertThat(said).contains("notify.mail.smtp: invalid mail server ", ": use smtp://USER@HOST:587");
        assertThat(said.contains("in USER use %40 for @ (smtp://me%40example.org@HOST:587)"))
                .isEqualTo(hint);
    }

    @Test
    void a_mail_user_may_have_an_at_sign() throws IOException {
        Settings settings = read(
                "notify: { mail: { smtp: \"smtp://ops%40example.org@localhost\", password: { env: SMTP }, from: a@b,"
                        + " to: c@d } }",
                Map.of("SMTP", "x"));

        assertThat(said()).isEmpty();
        assertThat(settings.notices().mail().orElseThrow().user()).contains("ops@example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smtp://user:hunter2@localhost",
                "smtp://user:hunter2@my_host",
                "smtp://user:hunter2@local host",
                "smtp://user:hun%ter2@localhost",
                "smtp://user:p@hunter2@localhost",
                "smtp://user:hunter2@localhost:99999",
                "smtp://user:hunter2@localhost/path",
                "mail://user:hunter2@localhost",
                "user:hunter2@localhost",
                "smtp://us%0Aer@localhost",
            })
    void a_password_in_the_wrong_place_is_not_said(String smtp) throws IOException {
        read(
                "notify: { mail: { smtp: \"" + smtp + "\", password: { env: SMTP }, from: a@b, to: c@d } }",
                Map.of("SMTP", "hunter2"));

        assertThat(said())
                .singleElement()
                .asString()
                .contains("notify.mail.smtp")
                .doesNotContain("hun");
    }

    @Test
    void settings_do_not_show_the_password() throws IOException {
        String mail = "notify: { mail: { smtp: \"smtp://u@localhost\", password: { env: SMTP }, from: a@b, to: c@d } }";

        assertThat(read(mail, Map.of("SMTP", "hunter2")).toString())
                .contains("password=Optional[***]")
                .doesNotContain("hunter2");
    }

    @Test
    void a_secret_comes_from_a_file_the_environment_or_a_credential() throws IOException {
        Files.writeString(folder.resolve("smtp-password"), "from systemd");
        String mail = "notify: { mail: { smtp: \"smtp://u@localhost\", from: a@b, to: c@d, password: %s } }";

        var variable = read(mail.formatted("{ env: SMTP }"), Map.of("SMTP", "from env"));
        var credential = read(
                mail.formatted("{ credential: smtp-password }"), Map.of("CREDENTIALS_DIRECTORY", folder.toString()));

        assertThat(said()).isEmpty();
        assertThat(variable.notices().mail().orElseThrow().password()).contains(new Secret("from env"));
        assertThat(credential.notices().mail().orElseThrow().password()).contains(new Secret("from systemd"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ file: nowhere }        | missing or empty secret; store it in",
                "{ env: NOT_SET }         | missing or empty secret; set NOT_SET in the daemon's environment",
                "{ credential: none }     | missing or empty secret; set LoadCredential=none:PATH in the unit",
                "{ credential: ../x }     | invalid credential name '../x'",
                "{ file: x, env: Y }      | missing or ambiguous secret",
                "{}                       | missing or ambiguous secret",
            })
    void a_secret_that_is_not_there_is_said_with_what_to_do(String password, String message) throws IOException {
        read("notify: { mail: { smtp: \"smtp://u@localhost\", from: a@b, to: c@d, password: " + password + " } }");

        assertThat(said()).anyMatch(said -> said.contains(message));
    }

    @Test
    void a_missing_file_is_said() {
        new SettingsReader(HOST, Map.of()).read(folder.resolve("none.yml"), Trust.lenient(), problems);

        assertThat(said())
                .containsExactly("none.yml:1:1: error: the file does not exist: create it, or use another path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "webhooks: ftp://x/y | notify.webhooks: invalid web address, or one with a login; use"
                        + " https://HOST/PATH",
                "webhooks: https://u:hush@host/y | notify.webhooks: invalid web address, or one with a login",
                "webhooks: 'no address' | notify.webhooks: invalid web address; use https://HOST/PATH",
                "webhooks: { preset: slack } | notify.webhooks: `url` is missing; add one",
                "webhooks: { url: { env: NONE } } | notify.webhooks.url: missing or empty secret; set NONE" + " in the",
                "webhooks: { url: { env: SMTP } } | notify.webhooks.url: the secret is not a web address, or is a"
                        + " refused one; use https://",
                "webhooks: { url: { env: METADATA } } | notify.webhooks.url: the secret is not a web address, or is a"
                        + " refused one",
                "webhooks: 'http://169.254.169.254/latest' | notify.webhooks: 169.254.169.254 is a link-local or"
                        + " metadata address, which is refused; use another address",
                "webhooks: { url: 'https://[fe80::1%25eth0]/x' } | notify.webhooks.url: fe80:0:0:0:0:0:0:1 is a link-"
                        + "local or metadata address",
                "mail: { smtp: 'smtp://2852039166', from: a@b.c, to: d@e.f } | notify.mail.smtp: 169.254.169.254 is a"
                        + " link-local or metadata address",
                "webhooks: { url: 'https://h/', preset: slak } | notify.webhooks.preset: invalid value 'slak'; did"
                        + " you mean 'slack'?",
                "webhooks: { url: 'https://h/', name: 'a b' } | notify.webhooks.name: invalid name 'a b': use 1 to 32"
                        + " letters",
                "webhooks: { url: 'https://h/', name: mail } | notify.webhooks: duplicate name 'mail'; use a"
                        + " different `name`",
                "webhooks: [ 'https://h/', 'https://i/' ] | notify.webhooks: duplicate name 'webhook'; use a"
                        + " different `name`",
                "after: 0 | notify.after: ",
                "repeat: often | notify.repeat: invalid time to repeat after 'often': use always, never or a duration"
                        + " from",
                "quiet: at night | notify.quiet: invalid quiet hours 'at night': use two times of day, such as"
                        + " 22:00-07:00",
                "command: page ops | notify.command: invalid path 'page ops': use an absolute path",
                "on: [none, failure] | notify.on: `none` cannot be combined with other events; remove it, or the"
                        + " others",
                "to: a@b.c | notify.to: unknown key 'to'; use one of mail, webhooks, command, on, after,"
                        + " repeat, quiet",
            })
    void each_mistake_about_notices_is_one_sentence(String notices, String problem) throws IOException {
        read("notify: { " + notices + " }", Map.of("SMTP", "s3cret", "METADATA", "http://169.254.169.254/s3cret"));
        assertThat(problems.errors()).hasSize(1);
        assertThat(problems.errors().getFirst().toString()).contains(problem).doesNotContain("hush", "s3cret");
    }

    @ParameterizedTest
    @MethodSource("fixedNames")
    void a_webhook_may_not_take_the_name_of_another_kind_of_target(String name) throws IOException {
        read("notify: { webhooks: { url: 'https://h/', name: " + name + " } }");
        assertThat(said())
                .singleElement()
                .asString()
                .endsWith("notify.webhooks: duplicate name '" + name + "'; use a different `name` for each");
    }

    private static Stream<String> fixedNames() {
        return Stream.concat(
                TargetSettings.KINDS.stream().flatMap(kind -> kind.name().stream()), Stream.of(NotifyRules.PING));
    }

    @Test
    void each_target_is_in_the_list_of_kinds_and_keeps_its_place() throws IOException {
        Settings settings = read("""
            notify:
              command: [/usr/local/bin/page, ops]
              webhooks: [ { url: "https://h/x", name: b }, { url: "https://i/y", name: a } ]
              mail: { smtp: "smtp://localhost", from: a@b.c, to: [d@e.f, g@h.i] }
            """);
        assertThat(said()).isEmpty();
        assertThat(settings.notices().targets())
                .extracting(TargetSettings::name, TargetSettings::where)
                .containsExactly(
                        tuple("mail", "d@e.f, g@h.i by localhost:25"),
                        tuple("b", "https://h"),
                        tuple("a", "https://i"),
                        tuple("command", "/usr/local/bin/page ops"));
        assertThat(settings.notices().telling().targets()).containsExactly("mail", "b", "a", "command");
        assertThat(TargetSettings.KINDS).hasSameSizeAs(TargetSettings.class.getPermittedSubclasses());
    }

    @Test
    void what_crosses_the_network_unprotected_is_warned_of() throws IOException {
        read("notify: { webhooks: [ { url: 'http://chat.example.org/x', name: a }, { url: 'http://localhost/x',"
                + " name: b } ] }");
        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().getFirst().toString())
                .contains("notify.webhooks[1].url: notices are sent unencrypted; use https://");
    }

    @Test
    void a_body_that_becomes_no_json_is_warned_of() throws IOException {
        read("""
            notify:
              webhooks:
                - { url: "https://a/x", name: a, body: '{"text": {subject}}' }
                - { url: "https://a/x", name: b, body: '{"text": "{subject}"} }' }
                - { url: "https://a/x", name: c, body: '{"text": "{subject}: {text}", "not": "{known}"}' }
            """);
        assertThat(problems.all()).hasSize(2).allSatisfy(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.toString())
                    .contains(".body: invalid JSON when filled in")
                    .containsAnyOf("webhooks[1]", "webhooks[2]");
        });
    }
}
