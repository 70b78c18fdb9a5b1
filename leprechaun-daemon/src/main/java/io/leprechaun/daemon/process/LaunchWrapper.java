package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Self;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The words before a command where {@code posix_spawn} has no attribute for a requirement: {@code nice},
 * {@code setpriv} and a shell. Each of them becomes the next, so that the pid stays. The shell runs as the user of the
 * command, verifies that the requirements are met, and becomes the command only then.
 */
final class LaunchWrapper {
    /** The prefix of the lines in which a wrapper reports the reason that the command was not run. */
    private static final String SAYS = "leprechaun: ";

    /** The prefix of the lines of {@code setpriv}. */
    private static final String SETPRIV_SAYS = "setpriv: ";

    private static final String NICE = "/usr/bin/nice";
    private static final String SETPRIV = "/usr/bin/setpriv";
    private static final String SHELL = "/bin/sh";
    private static final String LATER = "LEPRECHAUN_LATER_";

    /**
     * The variables that the C library ignores in a program that changes its user: no user's library is loaded with the
     * daemon's rights.
     */
    private static final Pattern UNSAFE = Pattern.compile("LD_.*|GLIBC_TUNABLES|GCONV_PATH|GETCONF_DIR|HOSTALIASES"
            + "|LOCALDOMAIN|LOCPATH|MALLOC_.*|NIS_PATH|NLSPATH|RESOLV_HOST_CONF|RES_OPTIONS|TMPDIR|TZDIR");

    /** The prefix of the names of the shell's own variables: no variable of the command may begin with it. */
    private static final String OWN = "LEPRECHAUN_STAGE_";

    private static final String FAIL = """
        fail() { %code=$1; shift; echo "leprechaun: cannot run ${%who}: $*" >&2; exit "${%code}"; }
        """;

    /** The verification against the kernel's own data: the result of setpriv may differ from its arguments. */
    private static final String VERIFY = """
        while read -r %key %value; do
          case ${%key} in
            Uid:) [ "${%value}" = "${%uid}" ] || fail 126 "uid would be ${%value}, not that of ${%user}" ;;
            Gid:) [ "${%value}" = "${%gid}" ] || fail 126 "gid would be ${%value}, not that of ${%user}" ;;
            Groups:) [ "${%value}" = "${%groups}" ] || fail 126 "groups would be ${%value}, not those of ${%user}" ;;
          esac
        done < /proc/self/status
        cd "${%folder}" 2> /dev/null || fail 126 "${%user} cannot enter the folder ${%folder}: permission denied"
        unset OLDPWD
        case $1 in
          */*)
            [ -e "$1" ] || fail 127 "$1 does not exist, or ${%user} has no access to it"
            [ ! -d "$1" ] || fail 126 "$1 is a folder"
            [ -x "$1" ] || fail 126 "${%user} cannot execute $1: permission denied" ;;
          *) command -v -- "$1" > /dev/null || fail 127 "not found in PATH ($PATH)" ;;
        esac
        """;

    /**
     * The end of the script's sentence on a program that exists and may not be executed, and on a folder that may not
     * be entered.
     */
    private static final String NOT_EXECUTABLE = "permission denied";

    private static final String VERIFY_NICE = """
        read -r %stat < /proc/self/stat
        check() { shift 16; [ "$1" = "${%nice}" ] || fail 126 "nice value would be $1, not ${%nice}"; }
        check ${%stat##*) }
        """;

    private final ProcessSpec spec;
    private final Optional<Identity> identity;
    private final OptionalInt nice;
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final StringBuilder script = new StringBuilder();

    private LaunchWrapper(ProcessSpec spec) {
        this.spec = spec;
        this.identity = spec.context().identity();
        this.nice = spec.context().nice();
    }

    /**
     * Returns whether a context needs a wrapper.
     *
     * @param umask the umask that children inherit
     */
    static boolean isNeeded(ProcessContext context, int umask) {
        return context.umask() != umask
                || context.nice().isPresent()
                || context.identity().isPresent();
    }

    /**
     * Refuses impossible requirements.
     *
     * @throws SpawnException when the system would not allow a requirement, or has no program for it
     */
    static void check(ProcessSpec spec) throws SpawnException {
        var identity = spec.context().identity();
        var nice = spec.context().nice();
        if (identity.isPresent() && Self.uid() != 0) {
            throw SpawnException.notRunnable(
                    spec,
                    "only a daemon run by root can run steps as %s"
                            .formatted(identity.get().user()));
        }
        if (nice.isPresent() && nice.getAsInt() < Self.nice() && Self.uid() != 0) {
            throw SpawnException.notRunnable(
                    spec, "only a daemon run by root can set the nice value %d".formatted(nice.getAsInt()));
        }
        if (identity.isPresent() && !Files.isExecutable(Path.of(SETPRIV))) {
            throw SpawnException.notRunnable(spec, SETPRIV + " does not exist: install the package util-linux");
        }
        if (nice.isPresent() && !Files.isExecutable(Path.of(NICE))) {
            throw SpawnException.notRunnable(spec, NICE + " does not exist: install the package coreutils");
        }
    }

    /** Returns the words before the spec's own. The first is the path of a program. */
    static List<String> before(ProcessSpec spec) {
        return new LaunchWrapper(spec).words();
    }

    /**
     * Returns the reason that the wrapper printed before it gave up.
     *
     * @param last the last line that was printed
     */
    static Optional<String> reasonNotRun(ProcessSpec spec, int code, String last) {
        if (code != SpawnException.NOT_RUNNABLE && code != SpawnException.NOT_FOUND) {
            return Optional.empty();
        }
        if (last.startsWith(SAYS)) {
            String said = last.substring(SAYS.length());
            String program = spec.argv().getFirst();
            return Optional.of(
                    said.endsWith(NOT_EXECUTABLE) && program.indexOf('/') >= 0
                            ? ProgramFinder.noExec(spec, program)
                                    .map(why -> said.substring(0, said.length() - NOT_EXECUTABLE.length()) + why)
                                    .orElse(said)
                            : said);
        }
        return spec.context()
                .identity()
                .filter(who -> last.startsWith(SETPRIV_SAYS))
                .map(who -> "cannot run %s as %s: %s"
                        .formatted(SpawnException.name(spec), who.user(), last.substring(SETPRIV_SAYS.length())));
    }

    /** Returns the environment as the wrapper gets it. */
    static Map<String, String> environment(ProcessContext context) {
        if (context.identity().isEmpty()) {
            return context.environment();
        }
        return context.environment().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> isUnsafe(entry.getKey()) ? LATER + entry.getKey() : entry.getKey(),
                        Map.Entry::getValue,
                        (one, other) -> one,
                        LinkedHashMap::new));
    }

    private static boolean isUnsafe(String name) {
        return UNSAFE.matcher(name).matches();
    }

    private List<String> words() {
        var words = new ArrayList<String>();
        nice.ifPresent(value -> words.addAll(List.of(NICE, "-n", Integer.toString(value - Self.nice()))));
        identity.ifPresent(who -> words.addAll(setpriv(who)));
        value("who", SpawnException.name(spec));
        script.append(FAIL);
        nice.ifPresent(value -> {
            value("nice", Integer.toString(value));
            script.append(VERIFY_NICE);
        });
        script.append("umask %04o\n".formatted(spec.context().umask()));
        identity.ifPresent(this::verify);
        script.append("exec \"$@\"\n");
        words.addAll(List.of(SHELL, "-c", (take() + script).replace("%", OWN), "sh"));
        words.addAll(values);
        return words;
    }

    private static List<String> setpriv(Identity who) {
        String groups = who.groups().stream().map(LaunchWrapper::number).collect(Collectors.joining(","));
        return List.of(
                SETPRIV,
                "--reuid=" + number(who.uid()),
                "--regid=" + number(who.gid()),
                groups.isEmpty() ? "--clear-groups" : "--groups=" + groups,
                "--inh-caps=-all",
                "--");
    }

    /**
     * Returns a number in the form that setpriv(1) does not look up as a name: a user's name may look like a number.
     */
    private static String number(int id) {
        return "+" + Integer.toUnsignedString(id);
    }

    private void verify(Identity who) {
        value("user", who.user());
        value("uid", four(who.uid()));
        value("gid", four(who.gid()));
        value("groups", who.groups().stream().map(Integer::toUnsignedString).collect(Collectors.joining(" ")));
        value("folder", spec.context().directory().toString());
        script.append(VERIFY);
        spec.context().environment().keySet().stream()
                .filter(LaunchWrapper::isUnsafe)
                .forEach(name -> script.append("export %1$s=\"$%2$s%1$s\"; unset %2$s%1$s\n".formatted(name, LATER)));
    }

    /** Returns the real, effective, saved and file system ids, as {@code /proc} shows them. */
    private static String four(int id) {
        String number = Integer.toUnsignedString(id);
        return String.join("\t", number, number, number, number);
    }

    /** Passes a value as an argument: within the script its characters could have a special meaning. */
    private void value(String name, String value) {
        names.add(name);
        values.add(value);
    }

    private String take() {
        var lines = new StringBuilder();
        names.forEach(name -> lines.append('%').append(name).append("=$1; shift\n"));
        return lines.toString();
    }
}
