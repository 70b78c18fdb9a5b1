package io.leprechaun.cli;

import static io.leprechaun.cli.Topic.flag;
import static io.leprechaun.cli.Topic.valued;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every verb, in the order in which people are told of them. Options of commands are the daemon's, which says what it knows where one is misspelt. */
final class Topics {
    /** The client's own options, which may stand anywhere on the line. */
    static final List<Topic.Option> OWN = List.of(
            flag("--json", "print one JSON document instead of a table"),
            flag("-q", "print ids only: names, or numbers of runs (also --quiet)"),
            valued("--socket", "PATH", "ask the daemon that listens there (or LEPRECHAUN_SOCKET)"),
            valued("--config", "FILE", "ask the daemon of these settings (or LEPRECHAUN_CONFIG)"),
            flag("-h", "this text, or a command's (also --help)"));

    static final List<Topic> ALL = List.of(
            new Topic(
                    "ls",
                    "",
                    "List the recipes: when each runs next and how its last run ended.",
                    List.of(),
                    List.of("leprechaun ls")),
            new Topic(
                    "show",
                    "RECIPE|RUN",
                    "Show a recipe as it is in force, or a run with what its steps used.",
                    List.of(),
                    List.of("leprechaun show backup", "leprechaun show 42")),
            new Topic(
                    "env",
                    "RECIPE [--step N]",
                    "Print what a step finds: its environment, user, folder.",
                    List.of(valued("--step", "N", "of this step, counted from 1; otherwise the first")),
                    List.of("leprechaun env backup", "leprechaun env backup --step 2 --json")),
            new Topic(
                    "run",
                    "RECIPE [-p NAME=VALUE]... [--force] [--as-scheduled] [--follow | --wait [--timeout DURATION]]",
                    "Run a recipe now.",
                    List.of(
                            flag(
                                    "--as-scheduled",
                                    "its steps see what they would see if it were due by its schedule or pattern now"),
                            flag(
                                    "--follow",
                                    "print the run's output while it runs, and exit as it does; Ctrl-C leaves the run"
                                            + " alone"),
                            flag(
                                    "--force",
                                    "whatever its policies say: paused, disabled, locked, out of its windows, beside"
                                            + " another run"),
                            valued(
                                    "--timeout",
                                    "DURATION",
                                    "with --wait: give up waiting (exit 6), not the run, after 90s, 10m, 2h, …"),
                            flag("--wait", "answer when the run is over, and exit as it does: 0, or 1 when it failed"),
                            valued(
                                    "-p",
                                    "NAME=VALUE",
                                    "its steps see LEPRECHAUN_PARAM_NAME, as of a hook's params; as often as you"
                                            + " like")),
                    List.of("leprechaun run backup", "leprechaun run deploy -p branch=main --follow")),
            new Topic(
                    "retry",
                    "RUN [--from-step N] [--force] [--wait [--timeout DURATION]]",
                    "Do a run again: what it was given, the recipe as it is now.",
                    List.of(
                            valued("--from-step", "N", "leave out the steps before this one"),
                            flag("--force", "whatever the recipe's policies say"),
                            flag("--wait", "answer when the run is over, and exit as it does"),
                            valued("--timeout", "DURATION", "with --wait: give up waiting (exit 6), not the run")),
                    List.of("leprechaun retry 42", "leprechaun retry 42 --from-step 3 --wait")),
            new Topic(
                    "runs",
                    "[RECIPE] [-l] [--failed | --state STATE] [--since TIME] [--until TIME] [-n N]",
                    "List what ran, the latest at the bottom.",
                    List.of(
                            flag("--failed", "only those that failed"),
                            valued("--since", "TIME", "only later ones: 90m, 1d, 2026-11-01 or 2026-11-01T06:00"),
                            valued("--state", "STATE", "only those in this state: queued, running, killed, skipped, …"),
                            valued("--until", "TIME", "only earlier ones"),
                            flag("-l", "what each used: processor time, memory, disk, output"),
                            valued("-n", "N", "at most so many")),
                    List.of("leprechaun runs backup --failed --since 1d", "leprechaun runs -q -n 1")),
            new Topic(
                    "logs",
                    "[-f] RUN|RECIPE [--step N] [--attempt N] [--from OFFSET]",
                    "Print the output of a run, or of a recipe's last run.",
                    List.of(
                            valued("--attempt", "N", "of this attempt, counted from 1; otherwise the last"),
                            valued("--from", "OFFSET", "leave out so many bytes of the first step's output"),
                            valued("--step", "N", "only of this step, counted from 1"),
                            flag("-f", "go on while the run does")),
                    List.of("leprechaun logs -f 42", "leprechaun logs backup --step 2")),
            new Topic(
                    "next",
                    "[RECIPE...] [-n N]",
                    "Tell what is due when, or when a pattern would be.",
                    List.of(
                            flag("--across-dst", "around the next changes of the clocks"),
                            valued("--from", "TIME", "from then on"),
                            valued("--pattern", "EXPR", "of a pattern, without a daemon"),
                            valued("--zone", "ZONE", "in which the pattern is read"),
                            valued("-n", "N", "so many times")),
                    List.of(
                            "leprechaun next -n 5",
                            "leprechaun next backup",
                            "leprechaun next --pattern '30 2 * * *' --zone Europe/Berlin --across-dst")),
            new Topic(
                    "why",
                    "RECIPE|RUN [--at TIME]",
                    "Tell why it ran, or did not, or when it will.",
                    List.of(valued("--at", "TIME", "then; 03:00 is the last time that clocks showed it")),
                    List.of("leprechaun why backup", "leprechaun why backup --at 03:00", "leprechaun why 42")),
            new Topic(
                    "locks",
                    "",
                    "List the locks, who holds them and who waits for them.",
                    List.of(),
                    List.of("leprechaun locks")),
            new Topic(
                    "kill",
                    "RUN|RECIPE",
                    "End a run, or the runs of a recipe, with all its processes.",
                    List.of(),
                    List.of("leprechaun kill 42")),
            new Topic(
                    "pause",
                    "RECIPE|AGENT|all [--until TIME] [--reason TEXT]",
                    "Hold back what becomes due for a recipe, an agent, or all.",
                    List.of(
                            valued(
                                    "--reason",
                                    "TEXT",
                                    "of a recipe: what everybody is told who asks why it does not run"),
                            valued(
                                    "--until",
                                    "TIME",
                                    "of a recipe: it is over by itself then; 2h (from now on), 09:00, '2026-11-27"
                                            + " 09:00'")),
                    List.of(
                            "leprechaun pause backup --until 09:00 --reason 'the disk is being replaced'",
                            "leprechaun pause all")),
            new Topic(
                    "resume",
                    "RECIPE|AGENT|all",
                    "Let it go on.",
                    List.of(),
                    List.of("leprechaun resume backup", "leprechaun resume all")),
            new Topic(
                    "hook",
                    "test RECIPE [--body FILE] [--header 'NAME: VALUE']... | replay RUN",
                    "Tell what would become of a hook, or do again what one asked for.",
                    List.of(
                            valued("--body", "FILE", "test: what would be sent; - is what stands on stdin"),
                            flag("--force", "replay: whatever the recipe's policies say"),
                            valued("--from", "ADDRESS", "test: the sender's, instead of 127.0.0.1"),
                            valued(
                                    "--header",
                                    "HEADER",
                                    "test: 'X-GitHub-Event: push' for example; as often as you like"),
                            valued("--method", "METHOD", "test: instead of POST"),
                            valued("--query", "QUERY", "test: what would stand behind the ? of the address"),
                            valued("--timeout", "DURATION", "replay --wait: give up waiting (exit 6), not the run"),
                            flag("--wait", "replay: answer when the run is over, and exit as it does")),
                    List.of(
                            "leprechaun hook test deploy --body push.json --header 'X-GitHub-Event: push'",
                            "leprechaun hook replay 42 --wait")),
            new Topic(
                    "wait",
                    "RUN [--timeout DURATION]",
                    "Wait until a run is over, and exit as it did.",
                    List.of(valued("--timeout", "DURATION", "give up waiting (exit 6), not the run")),
                    List.of("leprechaun wait 42 && echo done")),
            new Topic(
                    "usage",
                    "",
                    "Tell what the history of each recipe occupies, and the store.",
                    List.of(),
                    List.of("leprechaun usage", "leprechaun usage --json")),
            new Topic(
                    "ack",
                    "RECIPE [--for DURATION] [--reason TEXT] | RECIPE --off",
                    "Say that trouble is known: people are not told until it is over.",
                    List.of(
                            valued("--for", "DURATION", "and for so long at most"),
                            flag("--off", "tell people again"),
                            valued("--reason", "TEXT", "what everybody is told who asks")),
                    List.of("leprechaun ack backup --for 3d --reason 'the disk is on its way'")),
            new Topic(
                    "snooze",
                    "RECIPE --for DURATION [--reason TEXT] | RECIPE --off",
                    "Tell people nothing of a recipe for a time.",
                    List.of(
                            valued("--for", "DURATION", "for so long"),
                            flag("--off", "tell people again"),
                            valued("--reason", "TEXT", "what everybody is told who asks")),
                    List.of("leprechaun snooze backup --for 2h")),
            new Topic(
                    "notices",
                    "",
                    "List what people are still to be told, and what failed.",
                    List.of(),
                    List.of("leprechaun notices", "leprechaun notices -q | wc -l")),
            new Topic(
                    "notify",
                    "test",
                    "Send a notice that this is a test, and say what came of it.",
                    List.of(),
                    List.of("leprechaun notify test")),
            new Topic(
                    "new",
                    "NAME [--cron PATTERN] [--every DURATION] [--hook] [COMMAND]...",
                    "Write a recipe to begin with, each COMMAND a step of it.",
                    List.of(
                            valued("--cron", "PATTERN", "it runs when this pattern says"),
                            valued("--every", "DURATION", "it runs every 90s, 10m, 2h, 1d, …"),
                            flag("--hook", "it runs when a hook comes; its id is made up")),
                    List.of("leprechaun new backup --cron '30 2 * * *' 'pg_dump app > app.sql'")),
            new Topic(
                    "check",
                    "[FILE]...",
                    "Tell what is wrong in settings and recipes, without a daemon.",
                    List.of(),
                    List.of("leprechaun check", "leprechaun check recipes/backup.yml")),
            new Topic(
                    "edit",
                    "RECIPE [FILE|-] | --print RECIPE | --remove RECIPE",
                    "Change a recipe of your own, where the daemon takes users' recipes.",
                    List.of(
                            flag("--print", "print its text"),
                            flag("--remove", "remove it: runs of it that are at work go on")),
                    List.of(
                            "leprechaun edit backup",
                            "leprechaun edit backup backup.yml",
                            "leprechaun edit --print backup > backup.yml")),
            new Topic(
                    "simulate",
                    "[--from TIME] [--to TIME] [--duration [RECIPE=]DURATION]... [FOLDER]",
                    "Tell what would become of recipes, without a daemon.",
                    List.of(
                            valued(
                                    "--duration",
                                    "[RECIPE=]DURATION",
                                    "how long a run takes, of one recipe or of those without a history; otherwise as"
                                            + " its last runs, or 1m"),
                            valued("--from", "TIME", "from then on; otherwise from now on"),
                            valued("--to", "TIME", "until then; 7d is counted from --from; otherwise a day")),
                    List.of(
                            "leprechaun simulate",
                            "leprechaun simulate --to 7d --duration backup=40m",
                            "leprechaun simulate ./recipes && git push")),
            new Topic(
                    "verify",
                    "[COPY]",
                    "Look whether the history, or a copy of it, is whole and true.",
                    List.of(),
                    List.of("leprechaun verify", "leprechaun verify /backup/leprechaun.db")),
            new Topic(
                    "backup",
                    "FILE",
                    "Copy the history to a file, while the daemon works.",
                    List.of(),
                    List.of("leprechaun backup /backup/leprechaun.db")),
            new Topic(
                    "completion",
                    "bash|zsh|fish",
                    "Print what makes a shell complete commands, recipes and runs.",
                    List.of(),
                    List.of(
                            "leprechaun completion bash > /etc/bash_completion.d/leprechaun",
                            "source <(leprechaun completion zsh)",
                            "leprechaun completion fish > ~/.config/fish/completions/leprechaun.fish")),
            new Topic(
                    "version",
                    "",
                    "Print the client's version and its Java runtime's.",
                    List.of(),
                    List.of("leprechaun version")));

    private Topics() {}

    /** The verbs with the same first letter, for who has misspelt one. */
    static String alike(String word) {
        return ALL.stream()
                .map(Topic::name)
                .filter(name -> name.charAt(0) == word.charAt(0))
                .collect(Collectors.joining(", "));
    }

    static Optional<Topic> find(String name) {
        return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
    }
}
