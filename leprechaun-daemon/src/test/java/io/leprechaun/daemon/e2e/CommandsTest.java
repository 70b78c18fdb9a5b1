package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.AgentCommands;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The output of the client, for users and for programs, and its exit codes. */
@Timeout(180)
class CommandsTest {
    private static final Pattern OPTION = Pattern.compile("(?m)^ {2,6}(--?[a-z-]+)");
    /** Other names of options, and options of the client's own requests, which help does not list. */
    private static final Set<String> UNTOLD = Set.of("--param", "--long", "--follow", "--framed", "--timestamps");
    /** The options that the client handles itself: `run --follow`, and `next --pattern`, which needs no daemon. */
    private static final Set<String> CLIENTS = Set.of("--follow", "--pattern", "--zone");

    private static final String LONG = "steps: [ sleep 600 ]\n";

    @RegisterExtension
    private final Installation place = Installation.here();

    @Test
    void a_command_line_in_one_word_is_the_same_as_its_words() throws Exception {
        place.recipe("tick", "definition: schedule\nschedule: { hour: 1 }\nsteps: [ 'true' ]\n")
                .start();
        var plain = place.client("scheduler", "info");
        assertThat(plain.code()).isZero();
        assertThat(plain.out()).contains("scheduler", "started", "0 of 5", "0 of 1000");
        assertThat(place.client("--cmd=scheduler info")).isEqualTo(plain);
        assertThat(place.client("--cmd", "scheduler info")).isEqualTo(plain);
        assertThat(place.client("--cmd=scheduler info --json").json()).isEqualTo(place.json("scheduler", "info"));
    }

    /** The daemon lists the known commands in its answer to an unknown one. */
    @Test
    void help_tells_of_the_options_that_the_daemon_knows() throws Exception {
        place.recipe("tick", "steps: [ 'true' ]").start();
        for (String verb : List.of(
                "ls", "show", "run", "retry", "runs", "logs", "next", "why", "locks", "kill", "pause", "resume", "wait",
                "usage", "ack", "snooze", "notices")) {
            String help = place.client(verb, "--help").out().replaceFirst("(?s)\\nExamples:.*", "");
            var told = new TreeSet<String>();
            OPTION.matcher(help).results().forEach(found -> told.add(found.group(1)));
            told.removeAll(CLIENTS);
            String answer = place.client(verb, "--zzqq").err();
            var known = new TreeSet<String>();
            Matcher list = Pattern.compile(": use one of (.*)").matcher(answer);
            if (list.find()) {
                known.addAll(List.of(list.group(1).split("[ ;]+")));
            } else {
                assertThat(answer).contains("unknown option --zzqq: this command has no options");
            }
            known.removeAll(UNTOLD);
            assertThat(told).as(verb).isEqualTo(known);
        }
    }

    /** The daemon lists the commands of an agent in its answer to an unknown one. */
    @Test
    void agents_and_the_daemon_answer_the_commands_of_the_list_and_no_others() throws Exception {
        place.start();
        for (String agent : List.of("scheduler", "cron", "server", AgentCommands.DAEMON)) {
            var listed = new TreeSet<String>();
            AgentCommands.of(agent).forEach(command -> listed.add(command.name()));
            if (Set.of("scheduler", "cron").contains(agent)) {
                listed.add(AgentCommands.NEXT.name());
            }
            String answer = place.client(agent, "nonsense").err().strip();
            String commands = answer.substring(answer.indexOf(" has ") + " has ".length());
            assertThat(commands.split(", ", -1)).as(agent).containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    void an_agents_info_is_a_document() throws Exception {
        place.settings("workers: { max: 7, queue: 9 }")
                .recipe("tick", "definition: schedule\nschedule: { hour: 1 }\nsteps: [ 'true' ]\n")
                .start();
        JsonNode info = place.json("scheduler", "info");
        assertThat(info.propertyNames()).contains("agent", "status", "running", "queued", "recipes", "max", "queue");
        assertThat(info.get("agent").asString()).isEqualTo("scheduler");
        assertThat(info.get("status").asString()).isEqualTo("started");
        assertThat(List.of("running", "queued", "recipes", "max", "queue"))
                .extracting(key -> info.get(key).asInt())
                .containsExactly(0, 0, 1, 7, 9);
    }

    @Test
    void the_daemon_tells_of_itself_and_its_services() throws Exception {
        var daemon = place.start();
        JsonNode info = place.json("daemon", "info");
        assertThat(info.get("pid").asLong()).isEqualTo(daemon.pid());
        assertThat(info.get("version").asString()).isNotBlank();
        assertThat(info.get("java").asString()).startsWith("25");
        assertThat(info.get("uptime").asDouble()).isPositive();
        assertThat(info.get("memory").asLong()).isPositive();
        assertThat(place.client("daemon", "info").out())
                .as("amounts for people")
                .containsPattern("uptime: +[0-9.]+ ?m?s\n")
                .containsPattern("memory: +[0-9.]+ MiB\n");
        assertThat(info.get("config").asString()).isEqualTo(place.settingsFile().toString());
        assertThat(info.get("state").asString()).isEqualTo(place.state().toString());
        assertThat(info.get("socket").asString()).isEqualTo(place.socket().toString());
        assertThat(info.get("recipes").asString()).isEqualTo(place.recipes().toString());
        assertThat(info.get("timezone").asString()).isEqualTo("UTC");
        assertThat(list(place.json("daemon", "services").get("services")))
                .extracting(service -> service.get("name").asString() + " "
                        + service.get("status").asString())
                .containsExactly("scheduler started", "cron started", "server started");
    }

    @Test
    void who_works_and_what_waits_are_lists() throws Exception {
        var daemon = place.recipe("long", "overlap: queue\n" + LONG).start();
        long running = daemon.begin("long");
        long waiting = daemon.begin("long");
        eventually(() -> assertThat(daemon.ask("/scheduler/workers/list")
                        .get("workers")
                        .get(0)
                        .get("step")
                        .isNull())
                .isFalse());
        JsonNode workers = place.json("scheduler", "workers:list").get("workers");
        assertThat(workers.size()).isEqualTo(1);
        JsonNode worker = workers.get(0);
        assertThat(worker.propertyNames()).contains("name", "run", "recipe", "step", "started_at");
        assertThat(worker.get("name").asString()).isEqualTo("long");
        assertThat(worker.get("run").asLong()).isEqualTo(running);
        OffsetDateTime.parse(worker.get("started_at").asString());
        JsonNode queue = place.json("scheduler", "queue:list").get("queue");
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.get(0).propertyNames()).contains("name", "run", "recipe", "queued_at");
        assertThat(queue.get(0).get("run").asLong()).isEqualTo(waiting);
    }

    @Test
    void recipes_are_listed_with_what_is_next_and_what_was_last() throws Exception {
        var daemon = place.recipe("odd", "steps: [ exit 3 ]\n")
                .recipe("yearly", "definition: cron\npattern: '@yearly'\nsteps: [ 'true' ]\n")
                .recipe("off", "enabled: false\nsteps: [ 'true' ]\n")
                .recipe("broken", "steps: [ 'true' ]\noverlop: skip\n")
                .start();
        long id = daemon.runToEnd("odd").get("id").asLong();
        var recipes = list(place.json("ls").get("recipes"));
        assertThat(recipes)
                .extracting(recipe -> recipe.get("name").asString() + " "
                        + recipe.get("status").asString())
                .containsExactlyInAnyOrder("odd ok", "yearly ok", "off disabled", "broken broken");
        for (JsonNode recipe : recipes) {
            assertThat(recipe.propertyNames()).contains("name", "agents", "status", "next", "last", "file", "problem");
            switch (recipe.get("name").asString()) {
                case "odd" -> assertThat(recipe.get("last").get("id").asLong()).isEqualTo(id);
                case "yearly" -> {
                    assertThat(recipe.get("next").asString()).endsWith("-01-01T00:00:00Z");
                    assertThat(recipe.get("agents").get(0).asString()).isEqualTo("cron");
                }
                case "broken" ->
                    assertThat(recipe.get("problem").asString())
                            .startsWith(place.recipes().resolve("broken.yml") + ":2:1")
                            .contains("overlop", "overlap");
                default -> assertThat(recipe.get("last").isNull()).isTrue();
            }
        }
    }

    @Test
    void a_run_is_a_document_with_its_steps() throws Exception {
        place.recipe("odd", "steps:\n  - 'true'\n  - ! exit 3\n  - 'true'\n").start();
        var ended = place.client("run", "odd", "--wait", "--json");
        assertThat(ended.code()).isEqualTo(1);
        JsonNode run = ended.json().get("run");
        assertThat(run.propertyNames())
                .contains("id", "recipe", "agent", "trigger", "state", "reason", "due_at", "queued_at", "started_at")
                .contains("ended_at", "duration", "exit_code", "signal", "attempt", "steps");
        assertThat(run.get("recipe").asString()).isEqualTo("odd");
        assertThat(run.get("agent").asString()).isEqualTo("scheduler");
        assertThat(run.get("trigger").asString()).isEqualTo("manual");
        assertThat(run.get("state").asString()).isEqualTo("failed");
        assertThat(run.get("reason").asString()).isEqualTo("step 2: exit 3");
        assertThat(run.get("exit_code").asInt()).isEqualTo(3);
        assertThat(run.get("due_at").isNull()).isTrue();
        assertThat(run.get("signal").isNull()).isTrue();
        assertThat(run.get("duration").asDouble()).isPositive();
        assertThat(run.get("attempt").asInt()).isEqualTo(1);
        for (JsonNode step : run.get("steps")) {
            assertThat(step.propertyNames())
                    .contains("number", "command", "state", "exit_code", "signal", "started_at", "ended_at");
        }
        assertThat(list(run.get("steps")))
                .extracting(step -> step.get("state").asString())
                .containsExactly("succeeded", "failed", "not_run");
        JsonNode listed = place.json("runs", "odd").get("runs");
        assertThat(listed.get(0).get("id")).isEqualTo(run.get("id"));
        assertThat(listed.get(0).get("steps")).isEqualTo(run.get("steps"));
    }

    @Test
    void what_is_next_is_a_list_with_offsets() throws Exception {
        place.recipe("morning", "definition: cron\npattern: '0 9 * * *'\nsteps: [ 'true' ]\n")
                .recipe("often", "definition: schedule\nschedule: { min: 1 }\nsteps: [ 'true' ]\n")
                .start();
        var next = list(place.json("next", "morning", "-n", "3").get("next"));
        assertThat(next).hasSize(3).allSatisfy(firing -> {
            assertThat(firing.propertyNames()).contains("recipe", "at", "note");
            assertThat(firing.get("recipe").asString()).isEqualTo("morning");
            assertThat(firing.get("at").asString()).matches(".*T09:00:00(\\.000)?Z");
        });
        assertThat(place.json("scheduler", "next", "2").get("next").size()).isEqualTo(2);
        assertThat(place.json("cron", "next").get("next").size()).isEqualTo(10);
    }

    @Test
    void check_needs_no_daemon_and_names_the_place() throws Exception {
        place.recipe("good", "steps: [ 'true' ]\n");
        assertThat(place.client("check").code()).isZero();
        place.recipe("bad", "steps: [ 'true' ]\noverlop: skip\npattern: '* * *'\n");
        var found = place.client("check", "--json");
        assertThat(found.code()).isEqualTo(1);
        var problems = list(found.json().get("problems"));
        assertThat(problems).hasSizeGreaterThanOrEqualTo(2).allSatisfy(problem -> {
            assertThat(problem.propertyNames()).contains("file", "line", "column", "severity", "message");
            assertThat(problem.get("file").asString()).endsWith("bad.yml");
        });
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.get("line").asInt()).isEqualTo(2);
            assertThat(problem.get("severity").asString()).isEqualTo("error");
            assertThat(problem.get("message").asString()).contains("overlop", "overlap");
        });
        assertThat(place.client("check", place.recipes().resolve("good.yml").toString())
                        .code())
                .isZero();
    }

    @Test
    void an_error_is_a_document_on_stdout_with_its_code_or_a_sentence_on_stderr() throws Exception {
        place.start();
        var document = place.client("scheduler", "dance", "--json");
        assertThat(document.code()).isEqualTo(3);
        JsonNode problem = document.json();
        assertThat(problem.propertyNames()).contains("title", "status", "detail", "code");
        assertThat(problem.get("code").asInt()).isEqualTo(3);
        assertThat(problem.get("status").asInt()).isEqualTo(404);
        var sentence = place.client("scheduler", "dance");
        assertThat(sentence.code()).isEqualTo(3);
        assertThat(sentence.out()).isEmpty();
        assertThat(sentence.err()).contains("dance", "workers:list").hasLineCount(1);
    }

    @Test
    void exit_codes_are_as_documented() throws Exception {
        assertThat(place.client("daemon", "info").code()).isEqualTo(5);
        var daemon = place.recipe("good", "steps: [ 'true' ]\n")
                .recipe("bad", "steps: [ 'false' ]\n")
                .recipe("long", "overlap: skip\n" + LONG)
                .start();
        assertThat(place.client("run", "good", "--wait").code()).isZero();
        assertThat(place.client("run", "bad", "--wait").code()).isEqualTo(1);
        assertThat(place.client("run", "bad").code()).isZero();
        assertThat(place.client("run", "good", "--wiat").code()).isEqualTo(2);
        assertThat(place.client("run").code()).isEqualTo(2);
        assertThat(place.client("--cmd=run \"good").code()).isEqualTo(2);
        assertThat(place.client("logs", "nobody").code()).isEqualTo(3);
        assertThat(place.client("logs", "4711").code()).isEqualTo(3);
        assertThat(place.client("goblin", "info").code()).isEqualTo(3);
        assertThat(place.client("scheduler", "workers:kill", "nobody").code()).isEqualTo(3);
        assertThat(place.client("scheduler", "queue:drop", "4711").code()).isEqualTo(3);
        assertThat(place.client("run", "long", "--wait", "--timeout", "1s").code())
                .isEqualTo(6);
        var refused = place.client("run", "long", "--json");
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.json().get("code").asInt()).isEqualTo(4);
        place.client("cron", "stop");
        assertThat(place.client("cron", "pause").code()).isEqualTo(4);
        place.client("scheduler", "pause");
        assertThat(place.client("run", "good").code()).isEqualTo(4);
        assertThat(daemon.log()).doesNotContain("ERROR");
    }

    @Test
    void quiet_prints_ids_only() throws Exception {
        var daemon = place.recipe("good", "steps: [ 'true' ]\n").start();
        long id = daemon.runToEnd("good").get("id").asLong();
        assertThat(place.client("runs", "-q").out()).isEqualTo(id + "\n");
        assertThat(place.client("ls", "-q").out()).isEqualTo("good\n");
    }

    @Test
    void names_and_output_in_any_script_pass_unharmed() throws Exception {
        place.environment().put("LANG", "C");
        var daemon = place.recipe("zoe", "description: Zoë räumt auf 掃除\nsteps: [ 'echo Zoë 掃除' ]\n")
                .start();
        daemon.runToEnd("zoe");
        assertThat(place.client("logs", "zoe").out()).isEqualTo("Zoë 掃除\n");
        assertThat(place.client("ls").out()).contains("Zoë räumt auf 掃除");
        assertThat(Files.exists(place.socket())).isTrue();
    }
}
