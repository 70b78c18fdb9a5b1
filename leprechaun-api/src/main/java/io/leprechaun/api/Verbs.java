package io.leprechaun.api;

import static io.leprechaun.api.Form.at;
import static io.leprechaun.api.Form.changes;
import static io.leprechaun.api.Form.reads;
import static io.leprechaun.api.Option.flag;
import static io.leprechaun.api.Option.valued;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The verbs. Help, the manual page, completion, routes and parsing are derived from this list; each form is answered by
 * a class. A verb takes precedence over an agent of the same name.
 */
public final class Verbs {
    private static final String BOOK = "book";
    private static final String HISTORY = "history";
    private static final String HOOK = "hook";
    private static final String NOTIFY = "notify";
    private static final int MOST_NAMES = 1000;
    private static final int MOST_STEPS = 100;

    /** The verbs in the order of {@code leprechaun --help}. */
    public static final List<Verb> ALL = List.of(
            new Verb(
                    "ls",
                    "",
                    "List the recipes: when each runs next and how its last run ended.",
                    List.of(),
                    List.of("leprechaun ls"),
                    reads(BOOK, "list", 0).forOwners()),
            new Verb(
                    "show",
                    "RECIPE|RUN",
                    "Show a recipe as it is in force, or a run with what its steps used.",
                    List.of(),
                    List.of("leprechaun show backup", "leprechaun show 42"),
                    reads(BOOK, "show", 1).orOffline().forOwners()),
            new Verb(
                    "env",
                    "RECIPE [--step N]",
                    "Print what a step finds: its environment, user, folder.",
                    List.of(valued("--step", "N", "of this step, counted from 1; otherwise the first")),
                    List.of("leprechaun env backup", "leprechaun env backup --step 2 --json"),
                    reads(BOOK, "env", 1).forOwners()),
            new Verb(
                    "run",
                    "RECIPE [-p NAME=VALUE]... [--force] [--as-scheduled] [--follow | --wait [--timeout DURATION]]",
                    "Run a recipe now.",
                    List.of(
                            flag(
                                    "--as-scheduled",
                                    "its steps see what they would see if it were due by its schedule or pattern now"),
                            flag(
                                            "--follow",
                                            "print the run's output while it runs, and exit as it does; Ctrl-C leaves"
                                                    + " the run alone")
                                    .clients(),
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
                                            + " like"),
                            valued("--param", "NAME=VALUE", "")),
                    List.of("leprechaun run backup", "leprechaun run deploy -p branch=main --follow"),
                    changes(BOOK, "run", 1).forOwners()),
            new Verb(
                    "retry",
                    "RUN [--from-step N] [--force] [--wait [--timeout DURATION]]",
                    "Do a run again: what it was given, the recipe as it is now.",
                    List.of(
                            valued("--from-step", "N", "leave out the steps before this one"),
                            flag("--force", "whatever the recipe's policies say"),
                            flag("--wait", "answer when the run is over, and exit as it does"),
                            valued("--timeout", "DURATION", "with --wait: give up waiting (exit 6), not the run")),
                    List.of("leprechaun retry 42", "leprechaun retry 42 --from-step 3 --wait"),
                    changes(BOOK, "retry", 1).forOwners()),
            new Verb(
                    "runs",
                    "[RECIPE] [-l] [--failed | --state STATE] [--since TIME] [--until TIME] [-n N]",
                    "List what ran, the latest at the bottom.",
                    List.of(
                            flag("--failed", "only those that failed"),
                            valued("--since", "TIME", "only later ones: 90m, 1d, 2026-11-01 or 2026-11-01T06:00"),
                            valued("--state", "STATE", "only those in this state: queued, running, killed, skipped, …"),
                            valued("--until", "TIME", "only earlier ones"),
                            flag("-l", "what each used: processor time, memory, disk, output"),
                            valued("-n", "N", "at most so many"),
                            flag("--long", "")),
                    List.of("leprechaun runs backup --failed --since 1d", "leprechaun runs -q -n 1"),
                    reads(HISTORY, "list", 1).orOffline().forOwners()),
            new Verb(
                    "logs",
                    "[-f] RUN|RECIPE [--step N] [--attempt N] [--from OFFSET]",
                    "Print the output of a run, or of a recipe's last run.",
                    List.of(
                            valued("--attempt", "N", "of this attempt, counted from 1; otherwise the last"),
                            valued("--from", "OFFSET", "leave out so many bytes of the first step's output"),
                            valued("--step", "N", "only of this step, counted from 1"),
                            flag("-f", "go on while the run does"),
                            flag("--follow", ""),
                            flag("--framed", "")),
                    List.of("leprechaun logs -f 42", "leprechaun logs backup --step 2"),
                    reads(HISTORY, "logs", 1).orOffline().forOwners()),
            new Verb(
                    "next",
                    "[RECIPE...] [-n N]",
                    "Tell what is due when, or when a pattern would be.",
                    List.of(
                            flag("--across-dst", "around the next changes of the clocks"),
                            valued("--from", "TIME", "from then on"),
                            valued("--pattern", "EXPR", "of a pattern, without a daemon")
                                    .only("--pattern"),
                            valued("--zone", "ZONE", "in which the pattern is read")
                                    .only("--pattern"),
                            valued("-n", "N", "so many times")),
                    List.of(
                            "leprechaun next -n 5",
                            "leprechaun next backup",
                            "leprechaun next --pattern '30 2 * * *' --zone Europe/Berlin --across-dst"),
                    at(AnsweredBy.OFFLINE, 0).by("--pattern"),
                    reads(BOOK, "next", MOST_NAMES).forOwners()),
            new Verb(
                    "why",
                    "RECIPE|RUN [--at TIME]",
                    "Tell why it ran, or did not, or when it will.",
                    List.of(valued("--at", "TIME", "then; 03:00 is the last time that clocks showed it")),
                    List.of("leprechaun why backup", "leprechaun why backup --at 03:00", "leprechaun why 42"),
                    reads(BOOK, "why", 1).forOwners()),
            new Verb(
                    "locks",
                    "",
                    "List the locks, who holds them and who waits for them.",
                    List.of(),
                    List.of("leprechaun locks"),
                    reads(BOOK, "locks", 0)),
            new Verb(
                    "kill",
                    "RUN|RECIPE",
                    "End a run, or the runs of a recipe, with all its processes.",
                    List.of(),
                    List.of("leprechaun kill 42"),
                    changes(HISTORY, "kill", 1).forOwners()),
            new Verb(
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
                            "leprechaun pause all"),
                    changes(BOOK, "pause", 1).forOwners()),
            new Verb(
                    "resume",
                    "RECIPE|AGENT|all",
                    "Let it go on.",
                    List.of(),
                    List.of("leprechaun resume backup", "leprechaun resume all"),
                    changes(BOOK, "resume", 1).forOwners()),
            new Verb(
                    "hook",
                    "test RECIPE [--body FILE] [--header 'NAME: VALUE']... | replay RUN",
                    "Tell what would become of a hook, or do again what one asked for.",
                    List.of(
                            valued("--body", "FILE", "test: what would be sent; - is what stands on stdin")
                                    .only("test"),
                            flag("--force", "replay: whatever the recipe's policies say")
                                    .only("replay"),
                            valued("--from", "ADDRESS", "test: the sender's, instead of 127.0.0.1")
                                    .only("test"),
                            valued(
                                            "--header",
                                            "HEADER",
                                            "test: 'X-GitHub-Event: push' for example; as often as you like")
                                    .only("test"),
                            valued("--method", "METHOD", "test: instead of POST")
                                    .only("test"),
                            valued("--query", "QUERY", "test: what would stand behind the ? of the address")
                                    .only("test"),
                            valued("--timeout", "DURATION", "replay --wait: give up waiting (exit 6), not the run")
                                    .only("replay"),
                            flag("--wait", "replay: answer when the run is over, and exit as it does")
                                    .only("replay"),
                            valued("-H", "HEADER", "").only("test")),
                    List.of(
                            "leprechaun hook test deploy --body push.json --header 'X-GitHub-Event: push'",
                            "leprechaun hook replay 42 --wait"),
                    at(AnsweredBy.OFFLINE, 1).by("test"),
                    changes(HOOK, "replay", 1).by("replay")),
            new Verb(
                    "wait",
                    "RUN [--timeout DURATION]",
                    "Wait until a run is over, and exit as it did.",
                    List.of(valued("--timeout", "DURATION", "give up waiting (exit 6), not the run")),
                    List.of("leprechaun wait 42 && echo done"),
                    reads(HISTORY, "wait", 1).forOwners()),
            new Verb(
                    "usage",
                    "",
                    "Tell what the history of each recipe occupies, and the store.",
                    List.of(),
                    List.of("leprechaun usage", "leprechaun usage --json"),
                    reads(HISTORY, "usage", 0).orOffline()),
            new Verb(
                    "ack",
                    "RECIPE [--for DURATION] [--reason TEXT] | RECIPE --off",
                    "Say that trouble is known: people are not told until it is over.",
                    List.of(
                            valued("--for", "DURATION", "and for so long at most"),
                            flag("--off", "tell people again"),
                            valued("--reason", "TEXT", "what everybody is told who asks")),
                    List.of("leprechaun ack backup --for 3d --reason 'the disk is on its way'"),
                    changes(NOTIFY, "ack", 1)),
            new Verb(
                    "snooze",
                    "RECIPE --for DURATION [--reason TEXT] | RECIPE --off",
                    "Tell people nothing of a recipe for a time.",
                    List.of(
                            valued("--for", "DURATION", "for so long"),
                            flag("--off", "tell people again"),
                            valued("--reason", "TEXT", "what everybody is told who asks")),
                    List.of("leprechaun snooze backup --for 2h"),
                    changes(NOTIFY, "snooze", 1)),
            new Verb(
                    "notices",
                    "",
                    "List what people are still to be told, and what failed.",
                    List.of(),
                    List.of("leprechaun notices", "leprechaun notices -q | wc -l"),
                    reads(NOTIFY, "list", 0)),
            new Verb(
                    "notify",
                    "test",
                    "Send a notice that this is a test, and say what came of it.",
                    List.of(),
                    List.of("leprechaun notify test"),
                    changes(NOTIFY, "test", 0).by("test")),
            new Verb(
                    "new",
                    "NAME [--cron PATTERN] [--every DURATION] [--hook] [COMMAND]...",
                    "Write a recipe to begin with, each COMMAND a step of it.",
                    List.of(
                            valued("--cron", "PATTERN", "it runs when this pattern says"),
                            valued("--every", "DURATION", "it runs every 90s, 10m, 2h, 1d, …"),
                            flag("--hook", "it runs when a hook comes; its id is made up")),
                    List.of("leprechaun new backup --cron '30 2 * * *' 'pg_dump app > app.sql'"),
                    at(AnsweredBy.OFFLINE, 1 + MOST_STEPS)),
            new Verb(
                    "check",
                    "[FILE]...",
                    "Tell what is wrong in settings and recipes, without a daemon.",
                    List.of(flag("--from-original", "")),
                    List.of("leprechaun check", "leprechaun check recipes/backup.yml"),
                    at(AnsweredBy.OFFLINE, Integer.MAX_VALUE)),
            new Verb(
                    "edit",
                    "RECIPE [FILE|-] | --print RECIPE | --remove RECIPE",
                    "Change a recipe of your own, where the daemon takes users' recipes.",
                    List.of(
                            flag("--print", "print its text"),
                            flag("--remove", "remove it: runs of it that are at work go on")),
                    List.of(
                            "leprechaun edit backup",
                            "leprechaun edit backup backup.yml",
                            "leprechaun edit --print backup > backup.yml"),
                    at(AnsweredBy.CLIENT, 2)),
            new Verb(
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
                            "leprechaun simulate ./recipes && git push"),
                    at(AnsweredBy.OFFLINE_IN_STATE, 1)),
            new Verb(
                    "verify",
                    "[COPY]",
                    "Look whether the history, or a copy of it, is whole and true.",
                    List.of(),
                    List.of("leprechaun verify", "leprechaun verify /backup/leprechaun.db"),
                    at(AnsweredBy.OFFLINE_IN_STATE, 1)),
            new Verb(
                    "backup",
                    "FILE",
                    "Copy the history to a file, while the daemon works.",
                    List.of(),
                    List.of("leprechaun backup /backup/leprechaun.db"),
                    at(AnsweredBy.OFFLINE_IN_STATE, 1)),
            new Verb(
                    "completion",
                    "bash|zsh|fish",
                    "Print what makes a shell complete commands, recipes and runs.",
                    List.of(),
                    List.of(
                            "leprechaun completion bash > /etc/bash_completion.d/leprechaun",
                            "source <(leprechaun completion zsh)",
                            "leprechaun completion fish > ~/.config/fish/completions/leprechaun.fish"),
                    at(AnsweredBy.CLIENT, 1)),
            new Verb(
                    "version",
                    "",
                    "Print the client's version and its Java runtime's.",
                    List.of(),
                    List.of("leprechaun version"),
                    at(AnsweredBy.CLIENT, 0)));

    /** The commands that only programs use, by their routes. */
    private static final List<Verb> FOR_PROGRAMS = List.of(Verb.undocumented(
            "history show", List.of(), reads(HISTORY, "show", 1).forOwners()));

    /** The commands behind {@code edit}, answered at the socket for users with recipes of their own. */
    private static final List<Verb> OF_OWNERS = List.of(
            Verb.undocumented("text", List.of(), reads(BOOK, "text", 1)),
            Verb.undocumented("put", List.of(valued("--text", "TEXT", "")), changes(BOOK, "put", 1)),
            Verb.undocumented("remove", List.of(), changes(BOOK, "remove", 1)));

    /** The verbs of a later version: they are not agents. */
    private static final Set<String> LATER = Set.of("import", "export", "top", "doctor");

    private Verbs() {}

    /** Returns the verb with a name; empty where there is none: the name may be an agent's. */
    public static Optional<Verb> find(String name) {
        for (Verb verb : ALL) {
            if (verb.name().equals(name)) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }

    /** Returns the verbs that the daemon answers, those for programs included. */
    public static List<Verb> routed() {
        return Stream.concat(ALL.stream(), FOR_PROGRAMS.stream())
                .filter(verb ->
                        verb.forms().stream().anyMatch(form -> form.route().isPresent()))
                .toList();
    }

    /** Returns whether users may use a command for recipes of their own. */
    public static boolean isForOwners(String registrator, String command) {
        return routed().stream()
                .flatMap(verb -> verb.forms().stream())
                .anyMatch(form -> form.isForOwners() && form.isAnsweredBy(registrator, command));
    }

    /** Returns a command behind {@code edit} by its name. */
    public static Form ofOwners(String command) {
        return OF_OWNERS.stream()
                .filter(verb -> verb.name().equals(command))
                .findFirst()
                .orElseThrow()
                .form();
    }

    /** @throws ProblemException (usage) for a verb that this version does not have yet */
    static void requirePresent(String name) {
        if (LATER.contains(name)) {
            throw new ProblemException(Problem.usage("`" + name + "` is not in this version yet"));
        }
    }

    /** Returns the names of the verbs with the same first letter as a misspelt name. */
    public static String alike(String name) {
        return ALL.stream()
                .map(Verb::name)
                .filter(known -> known.charAt(0) == name.charAt(0))
                .collect(Collectors.joining(", "));
    }
}
