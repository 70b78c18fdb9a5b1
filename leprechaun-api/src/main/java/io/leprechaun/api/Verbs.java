package io.leprechaun.api;

import static io.leprechaun.api.Form.administers;
import static io.leprechaun.api.Form.at;
import static io.leprechaun.api.Form.changes;
import static io.leprechaun.api.Form.reads;
import static io.leprechaun.api.Option.flag;
import static io.leprechaun.api.Option.valued;

import io.leprechaun.api.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The verbs. Help, the manual page, completion, routes and parsing are derived from this list; each form is answered by
 * a class. A verb takes precedence over an agent of the same name.
 */
public final class Verbs {
    private static final String ACCESS = "access";
    private static final String BOOK = "book";
    private static final String EVENT = "event";
    private static final String HISTORY = "history";
    private static final String HOOK = "hook";
    private static final String NOTIFY = "notify";
    /** The registrator of the tokens, which no caller over TCP may use. */
    public static final String TOKEN = "token";

    /** The registrator of the console, whose links no caller over TCP may ask for. */
    public static final String CONSOLE = "console";

    private static final String SEE_HELP = ": see `leprechaun --help`";
    private static final int MOST_NAMES = 1000;
    private static final int MOST_STEPS = 100;

    /** The verbs in the order of {@code leprechaun --help}. */
    public static final List<Verb> ALL = List.of(
            new Verb(
                    "ls",
                    "",
                    "List recipes with their next run and last result.",
                    List.of(),
                    List.of("leprechaun ls"),
                    reads(BOOK, "list", 0).forOwners()),
            new Verb(
                    "show",
                    "RECIPE|RUN",
                    "Show a recipe as it is in force, or a run with its resource use.",
                    List.of(),
                    List.of("leprechaun show backup", "leprechaun show 42"),
                    reads(BOOK, "show", 1).orOffline().forOwners()),
            new Verb(
                    "env",
                    "RECIPE [--step N]",
                    "Show a step's environment, user and working directory.",
                    List.of(valued("--step", "N", "the step, counted from 1; default: the first")),
                    List.of("leprechaun env backup", "leprechaun env backup --step 2 --json"),
                    reads(BOOK, "env", 1).forOwners()),
            new Verb(
                    "run",
                    "RECIPE [-p NAME=VALUE]... [--force] [--as-scheduled] [--follow | --wait [--timeout DURATION]]",
                    "Run a recipe now.",
                    List.of(
                            flag("--as-scheduled", "give the steps the environment of a scheduled run"),
                            flag(
                                            "--follow",
                                            "print the run's output, and exit with its result; Ctrl-C does not stop"
                                                    + " the run")
                                    .clients(),
                            flag("--force", "run despite its policies: pause, enabled, lock, windows, overlap"),
                            valued(
                                    "--timeout",
                                    "DURATION",
                                    "with --wait: stop waiting (exit 6) after 90s, 10m, 2h, …; the run continues"),
                            flag("--wait", "wait for the end of the run; exit with 0, or 1 when it failed"),
                            valued(
                                    "-p",
                                    "NAME=VALUE",
                                    "set LEPRECHAUN_PARAM_NAME for the steps, as a hook's params do; repeatable"),
                            valued("--param", "NAME=VALUE", "")),
                    List.of("leprechaun run backup", "leprechaun run deploy -p branch=main --follow"),
                    changes(BOOK, "run", 1).forOwners()),
            new Verb(
                    "retry",
                    "RUN [--from-step N] [--force] [--wait [--timeout DURATION]]",
                    "Run again with the same input and the current recipe.",
                    List.of(
                            valued("--from-step", "N", "skip the steps before this one"),
                            flag("--force", "run despite the recipe's policies"),
                            flag("--wait", "wait for the end of the run, and exit with its result"),
                            valued("--timeout", "DURATION", "with --wait: stop waiting (exit 6); the run continues")),
                    List.of("leprechaun retry 42", "leprechaun retry 42 --from-step 3 --wait"),
                    changes(BOOK, "retry", 1).forOwners()),
            new Verb(
                    "runs",
                    "[RECIPE] [-l] [--failed | --state STATE] [--trigger KIND] [--since TIME] [--until TIME]"
                            + " [--before RUN] [-n N]",
                    "List runs, the newest last.",
                    List.of(
                            valued("--before", "RUN", "only runs with lower numbers"),
                            flag("--failed", "only failed runs"),
                            valued("--since", "TIME", "only later runs: 90m, yesterday or 'mon 9:00'"),
                            valued("--state", "STATE", "only runs in this state, or in several: queued,running, …"),
                            valued(
                                    "--trigger",
                                    "KIND",
                                    "only runs by schedule, cron, hook, manual, after, catch-up or retry"),
                            valued("--until", "TIME", "only earlier runs"),
                            flag("-l", "add each run's processor time, memory, disk and output"),
                            valued("-n", "N", "the most runs to list"),
                            flag("--long", "")),
                    List.of("leprechaun runs backup --failed --since 1d", "leprechaun runs -q -n 1"),
                    reads(HISTORY, "list", 1).orOffline().forOwners()),
            new Verb(
                    "logs",
                    "[-f] [-t] RUN|RECIPE [--step N] [--attempt N] [--from OFFSET]",
                    "Print the output of a run, or of a recipe's last run.",
                    List.of(
                            valued("--attempt", "N", "the attempt, counted from 1; default: the last"),
                            valued("--from", "OFFSET", "skip OFFSET bytes of the first step's output"),
                            valued("--step", "N", "only this step, counted from 1"),
                            flag("-f", "follow the output until the run ends"),
                            flag("--follow", ""),
                            flag("--framed", ""),
                            flag("-t", "put the time before each line"),
                            flag("--timestamps", "")),
                    List.of("leprechaun logs -f 42", "leprechaun logs -t backup --step 2"),
                    reads(HISTORY, "logs", 1).orOffline().forOwners()),
            new Verb(
                    "next",
                    "[RECIPE...] [-n N]",
                    "Show the next due times of recipes, or of a cron pattern.",
                    List.of(
                            flag("--across-dst", "show the due times around the next clock changes"),
                            valued("--from", "TIME", "start at this time"),
                            valued("--pattern", "EXPR", "use this cron pattern; needs no daemon")
                                    .only("--pattern"),
                            valued("--zone", "ZONE", "the time zone of the pattern")
                                    .only("--pattern"),
                            valued("-n", "N", "the number of due times")),
                    List.of(
                            "leprechaun next -n 5",
                            "leprechaun next backup",
                            "leprechaun next --pattern '30 2 * * *' --zone Europe/Berlin --across-dst"),
                    at(AnsweredBy.OFFLINE, 0).by("--pattern"),
                    reads(BOOK, "next", MOST_NAMES).forOwners()),
            new Verb(
                    "why",
                    "RECIPE|RUN [--at TIME]",
                    "Explain why a recipe ran, did not run, or will run.",
                    List.of(valued("--at", "TIME", "the time to explain; 03:00 is the most recent 03:00")),
                    List.of("leprechaun why backup", "leprechaun why backup --at 03:00", "leprechaun why 42"),
                    reads(BOOK, "why", 1).forOwners()),
            new Verb(
                    "locks",
                    "",
                    "List locks with their holders and the runs that wait.",
                    List.of(),
                    List.of("leprechaun locks"),
                    reads(BOOK, "locks", 0)),
            new Verb(
                    "kill",
                    "RUN|RECIPE",
                    "Kill a run, or the runs of a recipe, with all processes.",
                    List.of(),
                    List.of("leprechaun kill 42"),
                    changes(HISTORY, "kill", 1).forOwners()),
            new Verb(
                    "pause",
                    "RECIPE|AGENT|all [--until TIME] [--reason TEXT]",
                    "Hold new runs of a recipe, an agent, or all.",
                    List.of(
                            valued("--reason", "TEXT", "the reason that is shown"),
                            valued(
                                    "--until",
                                    "TIME",
                                    "the end of the pause: 2h, 'tomorrow 9:00' or '2026-11-27 09:00'")),
                    List.of(
                            "leprechaun pause backup --until 09:00 --reason 'the disk is being replaced'",
                            "leprechaun pause all"),
                    changes(BOOK, "pause", 1).forOwners()),
            new Verb(
                    "resume",
                    "RECIPE|AGENT|all",
                    "Resume a paused recipe or agent.",
                    List.of(),
                    List.of("leprechaun resume backup", "leprechaun resume all"),
                    changes(BOOK, "resume", 1).forOwners()),
            new Verb(
                    "hook",
                    "test RECIPE [--body FILE] [--header 'NAME: VALUE']... | replay RUN",
                    "Test a hook request, or replay the run of one.",
                    List.of(
                            valued("--body", "FILE", "test: a file with the body; - reads it from stdin")
                                    .only("test"),
                            flag("--force", "replay: run despite the recipe's policies")
                                    .only("replay"),
                            valued("--from", "ADDRESS", "test: the sender's address; default: 127.0.0.1")
                                    .only("test"),
                            valued("--header", "HEADER", "test: a header, such as 'X-GitHub-Event: push'; repeatable")
                                    .only("test"),
                            valued("--method", "METHOD", "test: the method; default: POST")
                                    .only("test"),
                            valued("--query", "QUERY", "test: the part of the address after ?")
                                    .only("test"),
                            valued("--timeout", "DURATION", "replay --wait: stop waiting (exit 6); the run continues")
                                    .only("replay"),
                            flag("--wait", "replay: wait for the end of the run, and exit with its result")
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
                    "Wait for the end of a run, and exit with its result.",
                    List.of(valued("--timeout", "DURATION", "stop waiting (exit 6); the run continues")),
                    List.of("leprechaun wait 42 && echo done"),
                    reads(HISTORY, "wait", 1).forOwners()),
            new Verb(
                    "usage",
                    "",
                    "Show the disk space of each recipe's history and of the store.",
                    List.of(),
                    List.of("leprechaun usage", "leprechaun usage --json"),
                    reads(HISTORY, "usage", 0).orOffline()),
            new Verb(
                    "ack",
                    "RECIPE [--for DURATION] [--reason TEXT] | RECIPE --off",
                    "Acknowledge a failing recipe: no notices until it recovers.",
                    List.of(
                            valued("--for", "DURATION", "at most for this time"),
                            flag("--off", "send notices again"),
                            valued("--reason", "TEXT", "the reason that is shown")),
                    List.of("leprechaun ack backup --for 3d --reason 'the disk is on its way'"),
                    changes(NOTIFY, "ack", 1)),
            new Verb(
                    "snooze",
                    "RECIPE --for DURATION [--reason TEXT] | RECIPE --off",
                    "Send no notices about a recipe for a time.",
                    List.of(
                            valued("--for", "DURATION", "the time without notices"),
                            flag("--off", "send notices again"),
                            valued("--reason", "TEXT", "the reason that is shown")),
                    List.of("leprechaun snooze backup --for 2h"),
                    changes(NOTIFY, "snooze", 1)),
            new Verb(
                    "notices",
                    "",
                    "List pending and failed notices.",
                    List.of(),
                    List.of("leprechaun notices", "leprechaun notices -q | wc -l"),
                    reads(NOTIFY, "list", 0)),
            new Verb(
                    "notify",
                    "test",
                    "Send a test notice, and report the result.",
                    List.of(),
                    List.of("leprechaun notify test"),
                    changes(NOTIFY, "test", 0).by("test")),
            new Verb(
                    "new",
                    "NAME [--cron PATTERN] [--every DURATION] [--hook] [COMMAND]...",
                    "Create a recipe with each COMMAND as a step.",
                    List.of(
                            valued("--cron", "PATTERN", "run by this cron pattern"),
                            valued("--every", "DURATION", "run every 90s, 10m, 2h, 1d, …"),
                            flag("--hook", "run on a hook; the id is generated")),
                    List.of("leprechaun new backup --cron '30 2 * * *' 'pg_dump app > app.sql'"),
                    at(AnsweredBy.OFFLINE, 1 + MOST_STEPS)),
            new Verb(
                    "check",
                    "[FILE]...",
                    "Check settings and recipes; needs no daemon.",
                    List.of(flag("--from-original", "")),
                    List.of("leprechaun check", "leprechaun check recipes/backup.yml"),
                    at(AnsweredBy.OFFLINE, Integer.MAX_VALUE)),
            new Verb(
                    "edit",
                    "RECIPE [FILE|-] | --print RECIPE | --remove RECIPE",
                    "Edit a recipe of your own, if the daemon allows it.",
                    List.of(
                            flag("--print", "print the recipe"),
                            flag("--remove", "remove the recipe; its running runs continue")),
                    List.of(
                            "leprechaun edit backup",
                            "leprechaun edit backup backup.yml",
                            "leprechaun edit --print backup > backup.yml"),
                    at(AnsweredBy.CLIENT, 2)),
            new Verb(
                    "simulate",
                    "[--from TIME] [--to TIME] [--duration [RECIPE=]DURATION]... [FOLDER]",
                    "Simulate the runs of recipes; needs no daemon.",
                    List.of(
                            valued(
                                    "--duration",
                                    "[RECIPE=]DURATION",
                                    "the time of a run, for one recipe or for those without history; default: as the"
                                            + " last runs, or 1m"),
                            valued("--from", "TIME", "start of the simulation; default: now"),
                            valued("--to", "TIME", "end of the simulation; 7d counts from --from; default: one day")),
                    List.of(
                            "leprechaun simulate",
                            "leprechaun simulate --to 7d --duration backup=40m",
                            "leprechaun simulate ./recipes && git push"),
                    at(AnsweredBy.OFFLINE_IN_STATE, 1)),
            new Verb(
                    "verify",
                    "[COPY]",
                    "Check the integrity of the history, or of a copy.",
                    List.of(),
                    List.of("leprechaun verify", "leprechaun verify /backup/leprechaun.db"),
                    at(AnsweredBy.OFFLINE_IN_STATE, 1)),
            new Verb(
                    "backup",
                    "FILE",
                    "Copy the history to a file while the daemon runs.",
                    List.of(),
                    List.of("leprechaun backup /backup/leprechaun.db"),
                    at(AnsweredBy.OFFLINE_IN_STATE, 1)),
            new Verb(
                    "changes",
                    "[--by USER] [--since TIME] [-n N]",
                    "List the changes that users and programs made, the newest last.",
                    List.of(
                            valued("--by", "USER", "only changes of this user, or of token:NAME"),
                            valued("--since", "TIME", "only later changes: 90m, yesterday or 'mon 9:00'"),
                            valued("-n", "N", "the most changes to list; default: 50")),
                    List.of("leprechaun changes --since yesterday", "leprechaun changes --by token:deploy"),
                    reads(ACCESS, "changes", 0)),
            new Verb(
                    "events",
                    "[--recipe NAME] [--topics LIST] [--after ID] [--wait DURATION]",
                    "Report events as they happen.",
                    List.of(
                            valued("--after", "ID", "only events after this one, if the daemon still has them"),
                            valued("--recipe", "NAME", "only events of this recipe"),
                            valued(
                                    "--topics",
                                    "LIST",
                                    "run, step, recipe, agent, health, clock, change; several with commas"),
                            valued(
                                    "--wait",
                                    "DURATION",
                                    "answer with the events that there are, or wait for one; 0, 25s, …")),
                    List.of("leprechaun events", "leprechaun events --topics run --recipe backup --json"),
                    reads(EVENT, "list", 0)),
            new Verb(
                    "token",
                    "new NAME [--scope SCOPE] [--expires DURATION] | ls | revoke NAME",
                    "Manage the tokens of programs that use the API over TCP.",
                    List.of(
                            valued(
                                            "--expires",
                                            "DURATION",
                                            "new: the time after which it is refused, or never; default: 90d")
                                    .only("new"),
                            valued("--scope", "SCOPE", "new: read, operate or admin; default: read")
                                    .only("new")),
                    List.of(
                            "leprechaun token new grafana --expires never",
                            "leprechaun token new deploy --scope operate",
                            "leprechaun token revoke deploy"),
                    administers(TOKEN, "new", 1).by("new"),
                    administers(TOKEN, "ls", 0).by("ls"),
                    administers(TOKEN, "revoke", 1).by("revoke")),
            new Verb(
                    "console",
                    "[--role ROLE] [--for DURATION] [--code] [--screen] | ls | end SESSION|all",
                    "Open the console, and print a link for one login with a browser.",
                    List.of(
                            flag("--code", "print a code of eight characters to type instead of a link")
                                    .withoutWord(),
                            valued("--for", "DURATION", "the length of the session, to 7d; default: 12h")
                                    .withoutWord(),
                            valued("--role", "ROLE", "read, operate or admin, at most your own; default: operate")
                                    .withoutWord(),
                            flag("--screen", "a session that only reads, for a screen on a wall, to 365d")
                                    .withoutWord(),
                            valued("--ssh", "SERVER", "").withoutWord()),
                    List.of(
                            "leprechaun console",
                            "leprechaun console --role read --for 1h",
                            "leprechaun console end all"),
                    reads(CONSOLE, "ls", 0).by("ls"),
                    changes(CONSOLE, "end", 1).by("end"),
                    reads(CONSOLE, "open", 0)),
            new Verb(
                    "completion",
                    "bash|zsh|fish",
                    "Print a shell completion script.",
                    List.of(),
                    List.of(
                            "leprechaun completion bash > /etc/bash_completion.d/leprechaun",
                            "source <(leprechaun completion zsh)",
                            "leprechaun completion fish > ~/.config/fish/completions/leprechaun.fish"),
                    at(AnsweredBy.CLIENT, 1)),
            new Verb(
                    "version",
                    "",
                    "Print the version of the client and of its Java runtime.",
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

    /** Returns whether a name is that of a part of the daemon behind verbs, which users do not know. */
    public static boolean isBehindVerbs(String registrator) {
        return routed().stream()
                .flatMap(verb -> verb.forms().stream())
                .flatMap(form -> form.route().stream())
                .anyMatch(route -> route.registrator().equals(registrator));
    }

    /**
     * Returns a sentence about a first word that is unknown, with the verbs and agents that it may stand for.
     *
     * @param agents the names of agents besides those of this version
     */
    public static String unknown(String name, List<String> agents) {
        var known = new ArrayList<>(agents);
        ALL.forEach(verb -> known.add(verb.name()));
        AgentCommands.AGENTS.forEach(agent -> known.add(agent.name()));
        known.add(AgentCommands.DAEMON);
        return "unknown command '" + Printable.of(name) + "'" + Nearest.question(name, known, "", SEE_HELP);
    }

    /**
     * Returns a sentence about an unknown word after an agent, or after a verb with subcommands.
     *
     * @param first the agent or verb
     * @param commands the words that may follow it
     */
    public static String unknown(String first, String command, List<String> commands) {
        return "unknown command '" + Printable.of(first + " " + command) + "'"
                + Nearest.question(
                        command,
                        commands,
                        first + " ",
                        SEE_HELP + "; " + first + " has " + String.join(", ", commands));
    }

    /** Returns the words that may follow a verb with subcommands; none for any other word. */
    public static List<String> subcommands(String verb) {
        return find(verb).stream()
                .flatMap(known -> known.forms().stream())
                .filter(Form::isSubcommand)
                .map(Form::word)
                .toList();
    }
}
