package io.leprechaun.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What {@code --help} prints. Only the verb that was asked for is built, and picocli is loaded for nothing else: a command's options are the daemon's, so the
 * client need not parse them, and starts in half the time.
 */
final class Help {
    private static final List<Verb> VERBS = List.of(
            new Verb(
                    "ls",
                    "",
                    "List the recipes: when each runs next and how its last run ended.",
                    Map.of(),
                    List.of("leprechaun ls")),
            new Verb(
                    "show",
                    "RECIPE|RUN",
                    "Show a recipe as it is in force, or a run with what its steps used.",
                    Map.of(),
                    List.of("leprechaun show backup", "leprechaun show 42")),
            new Verb(
                    "env",
                    "RECIPE [--step N]",
                    "Print what a step finds: its environment, user, folder.",
                    Map.of("--step", "N|of this step, counted from 1; otherwise the first"),
                    List.of("leprechaun env backup", "leprechaun env backup --step 2 --json")),
            new Verb(
                    "run",
                    "RECIPE [-p NAME=VALUE]... [--force] [--follow | --wait [--timeout DURATION]]",
                    "Run a recipe now.",
                    Map.of(
                            "-p",
                            "NAME=VALUE|its steps see LEPRECHAUN_PARAM_NAME, as of a hook's params; as often as you"
                                    + " like",
                            "--force",
                            "|whatever its policies say: paused, disabled, locked, out of its windows, beside another"
                                    + " run",
                            "--follow",
                            "|print the run's output while it runs, and exit as it does; Ctrl-C leaves the run"
                                    + " alone",
                            "--wait",
                            "|answer when the run is over, and exit as it does: 0, or 1 when it failed",
                            "--timeout",
                            "DURATION|with --wait: give up waiting (exit 6), not the run, after 90s, 10m, 2h," + " …"),
                    List.of("leprechaun run backup", "leprechaun run deploy -p branch=main --follow")),
            new Verb(
                    "runs",
                    "[RECIPE] [-l] [--failed | --state STATE] [--since TIME] [--until TIME] [-n N]",
                    "List what ran, the latest at the bottom.",
                    Map.of(
                            "-l", "|what each used: processor time, memory, disk, output",
                            "--failed", "|only those that failed",
                            "--state", "STATE|only those in this state: queued, running, killed, skipped, …",
                            "--since", "TIME|only later ones: 90m, 1d, 2026-11-01 or 2026-11-01T06:00",
                            "--until", "TIME|only earlier ones",
                            "-n", "N|at most so many"),
                    List.of("leprechaun runs backup --failed --since 1d", "leprechaun runs -q -n 1")),
            new Verb(
                    "logs",
                    "[-f] RUN|RECIPE [--step N] [--attempt N] [--from OFFSET]",
                    "Print the output of a run, or of a recipe's last run.",
                    Map.of(
                            "-f", "|go on while the run does",
                            "--step", "N|only of this step, counted from 1",
                            "--attempt", "N|of this attempt, counted from 1; otherwise the last",
                            "--from", "OFFSET|leave out so many bytes of the first step's output"),
                    List.of("leprechaun logs -f 42", "leprechaun logs backup --step 2")),
            new Verb(
                    "next",
                    "[RECIPE...] [-n N]",
                    "Tell what is due when, or when a pattern would be.",
                    Map.of(
                            "-n", "N|so many times",
                            "--from", "TIME|from then on",
                            "--across-dst", "|around the next changes of the clocks",
                            "--pattern", "EXPR|of a pattern, without a daemon",
                            "--zone", "ZONE|in which the pattern is read"),
                    List.of(
                            "leprechaun next -n 5",
                            "leprechaun next backup",
                            "leprechaun next --pattern '30 2 * * *' --zone Europe/Berlin --across-dst")),
            new Verb(
                    "why",
                    "RECIPE|RUN [--at TIME]",
                    "Tell why it ran, or did not, or when it will.",
                    Map.of("--at", "TIME|then; 03:00 is the last time that clocks showed it"),
                    List.of("leprechaun why backup", "leprechaun why backup --at 03:00", "leprechaun why 42")),
            new Verb(
                    "locks",
                    "",
                    "List the locks, who holds them and who waits for them.",
                    Map.of(),
                    List.of("leprechaun locks")),
            new Verb(
                    "kill",
                    "RUN|RECIPE",
                    "End a run, or the runs of a recipe, with all its processes.",
                    Map.of(),
                    List.of("leprechaun kill 42")),
            new Verb(
                    "pause",
                    "RECIPE|AGENT|all [--until TIME] [--reason TEXT]",
                    "Hold back what becomes due for a recipe, for an agent, or for all of them.",
                    Map.of(
                            "--until",
                            "TIME|of a recipe: it is over by itself then; 2h (from now on), 09:00,"
                                    + " '2026-11-27 09:00'",
                            "--reason",
                            "TEXT|of a recipe: what everybody is told who asks why it does not run"),
                    List.of(
                            "leprechaun pause backup --until 09:00 --reason 'the disk is being replaced'",
                            "leprechaun pause all")),
            new Verb(
                    "resume",
                    "RECIPE|AGENT|all",
                    "Let it go on.",
                    Map.of(),
                    List.of("leprechaun resume backup", "leprechaun resume all")),
            new Verb(
                    "hook",
                    "test RECIPE [--body FILE] [--header 'NAME: VALUE']... | replay RUN",
                    "Tell what would become of a hook, without a daemon; or do again what one asked for.",
                    Map.of(
                            "--body", "FILE|test: what would be sent; - is what stands on stdin",
                            "--header", "HEADER|test: 'X-GitHub-Event: push' for example; as often as you like",
                            "--query", "QUERY|test: what would stand behind the ? of the address",
                            "--method", "METHOD|test: instead of POST",
                            "--from", "ADDRESS|test: the sender's, instead of 127.0.0.1",
                            "--wait", "|replay: answer when the run is over, and exit as it does",
                            "--timeout", "DURATION|replay --wait: give up waiting (exit 6), not the run",
                            "--force", "|replay: whatever the recipe's policies say"),
                    List.of(
                            "leprechaun hook test deploy --body push.json --header 'X-GitHub-Event: push'",
                            "leprechaun hook replay 42 --wait")),
            new Verb(
                    "wait",
                    "RUN",
                    "Wait until a run is over, and exit as it did.",
                    Map.of(),
                    List.of("leprechaun wait 42 && echo done")),
            new Verb(
                    "usage",
                    "",
                    "Tell what the history of each recipe occupies, and the store.",
                    Map.of(),
                    List.of("leprechaun usage", "leprechaun usage --json")),
            new Verb(
                    "check",
                    "[FILE]...",
                    "Check settings and recipes, without a daemon. Exits 1 when something is wrong.",
                    Map.of(),
                    List.of("leprechaun check", "leprechaun check recipes/backup.yml")),
            new Verb(
                    "simulate",
                    "[--from TIME] [--to TIME] [--duration [RECIPE=]DURATION]... [FOLDER]",
                    "Tell what would become of recipes: waits, skips, collisions; without a daemon.",
                    Map.of(
                            "--from",
                            "TIME|from then on; otherwise from now on",
                            "--to",
                            "TIME|until then; 7d is counted from --from; otherwise a day",
                            "--duration",
                            "[RECIPE=]DURATION|how long a run takes, of one recipe or of those without a history;"
                                    + " otherwise as its last runs, or 1m"),
                    List.of(
                            "leprechaun simulate",
                            "leprechaun simulate --to 7d --duration backup=40m",
                            "leprechaun simulate ./recipes && git push")),
            new Verb(
                    "verify",
                    "[COPY]",
                    "Look whether the history is whole and true, or a copy of it. Exits 1 when something is wrong.",
                    Map.of(),
                    List.of("leprechaun verify", "leprechaun verify /backup/leprechaun.db")),
            new Verb(
                    "backup",
                    "FILE",
                    "Copy the history to a file, while the daemon works. Replaces an earlier copy.",
                    Map.of(),
                    List.of("leprechaun backup /backup/leprechaun.db")),
            new Verb("version", "", "Print the client's version.", Map.of(), List.of("leprechaun version")));

    private static final String OWN_OPTIONS = """

        Anywhere on the line:
          --json           print one JSON document instead of a table
          -q, --quiet      print ids only
          --socket PATH    ask the daemon that listens there (or LEPRECHAUN_SOCKET)
          --config FILE    ask the daemon of these settings (or LEPRECHAUN_CONFIG)
          -h, --help       this text, or a command's
        """;

    private Help() {}

    /**
     * @param synopsis what follows the name
     * @param options by name: its value, a bar, and what it means
     */
    private record Verb(
            String name, String synopsis, String summary, Map<String, String> options, List<String> examples) {}

    /** The help for the verb that the words begin with, or for everything. */
    static String of(List<String> words) {
        Optional<Verb> asked = words.isEmpty()
                ? Optional.empty()
                : VERBS.stream()
                        .filter(verb -> verb.name().equals(words.getFirst()))
                        .findFirst();
        return asked.map(Help::verb).orElseGet(Help::overview) + OWN_OPTIONS;
    }

    private static String verb(Verb verb) {
        CommandSpec spec = CommandSpec.create().name("leprechaun " + verb.name());
        verb.options().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(known -> {
            String name = known.getKey();
            String meaning = known.getValue();
            int bar = meaning.indexOf('|');
            var option = OptionSpec.builder(name)
                    .description(meaning.substring(bar + 1).replace("%", "%%"));
            spec.addOption(
                    bar == 0
                            ? option.type(boolean.class).build()
                            : option.type(String.class)
                                    .paramLabel(meaning.substring(0, bar))
                                    .build());
        });
        spec.usageMessage()
                .customSynopsis(("leprechaun " + verb.name() + " " + verb.synopsis()).strip())
                .description(verb.summary())
                .footer(verb.examples().stream().map(example -> "  " + example).toArray(String[]::new))
                .footerHeading("%nExamples:%n")
                .optionListHeading("%n");
        spec.parser().separator(" ");
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }

    private static String overview() {
        var text = new StringBuilder("""
            Usage: leprechaun COMMAND [ARGUMENTS]
                   leprechaun AGENT COMMAND [ARGUMENTS]
                   leprechaun --cmd="AGENT COMMAND ARGUMENTS"
            Asks the Leprechaun daemon, which runs recipes when they are due.

            Commands (leprechaun COMMAND --help tells more):
            """);
        VERBS.forEach(verb -> text.append(String.format("  %-9s%s%n", verb.name(), verb.summary())));
        return text.append("""

            Agents: daemon, scheduler, cron, server. Each knows info, start, stop, pause, workers:list,
            workers:kill NAME, queue:list, queue:drop RUN and recipes; the daemon knows info, services,
            kill and reload.

            Examples:
              leprechaun ls
              leprechaun run backup --follow
              leprechaun scheduler info --json
              leprechaun --cmd="server workers:kill deploy"
            """).toString();
    }
}
