package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Limits;
import io.leprechaun.daemon.posix.Self;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A process of this system as {@code /proc} shows it at one moment.
 *
 * @param id the id that identifies it later: a pid alone may be another process's then
 * @param name the kernel's short name for it
 * @param parent the parent's pid; 0 when it has none that the daemon sees
 * @param group the process group; 0 for the kernel's own
 * @param session the session; 0 for the kernel's own
 * @param gone whether it has ended and only waits to be reaped
 */
record Proc(Id id, String name, int parent, int group, int session, boolean gone) {
    private static final Path ROOT = Path.of("/proc");
    private static final String MARK = Mark.VARIABLE + "=";
    /**
     * The identity of one process, never of two.
     *
     * @param start the start of the process, in clock ticks since the system started
     */
    record Id(int pid, long start) {}

    int pid() {
        return id.pid();
    }

    /** Returns the process as shown to users: {@code 4711 (sleep)}. */
    String shown() {
        return "%d (%s)".formatted(id.pid(), name);
    }

    /** Returns all processes but the first one and the daemon itself: those are never ended. */
    static Map<Integer, Proc> all() {
        var all = new HashMap<Integer, Proc>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            for (Path entry : entries) {
                int pid = Integer.parseInt(entry.getFileName().toString());
                if (pid > 1 && pid != Self.PID) {
                    of(pid).ifPresent(proc -> all.put(pid, proc));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("cannot read " + ROOT + ": is it mounted?", e);
        }
        return all;
    }

    /** Returns the process that has this pid now. */
    static Optional<Proc> of(int pid) {
        return read(pid, "stat").map(Proc::parse);
    }

    /** Returns whether this very process still exists and has not ended. */
    boolean alive() {
        return of(id.pid()).filter(now -> now.id.equals(id) && !now.gone).isPresent();
    }

    /** Returns whether this very process still exists, and is in another group than before. */
    boolean hasLeftGroup() {
        return of(id.pid())
                .filter(now -> now.id.equals(id) && !now.gone && now.group != group)
                .isPresent();
    }

    /** Returns the ownership that the process claims. */
    Ownership claim() {
        if (group == 0 || gone) {
            return Ownership.NONE;
        }
        Optional<Mark> mark = read(id.pid(), "environ").flatMap(Proc::mark); // empty too without permission
        return mark.isPresent()
                ? new Ownership(mark, OptionalLong.empty())
                : new Ownership(mark, read(id.pid(), "limits").map(Proc::tag).orElse(OptionalLong.empty()));
    }

    /** Returns the mark among {@code NAME=value} words that each end with a NUL. */
    static Optional<Mark> mark(String environ) {
        return Stream.of(environ.split("\0"))
                .filter(variable -> variable.startsWith(MARK))
                .findFirst()
                .flatMap(mark -> Mark.of(mark.substring(MARK.length())));
    }

    /** Returns the soft limit in the line of {@link Limits}: name, soft, hard, unit. */
    static OptionalLong tag(String limits) {
        return limits.lines()
                .filter(line -> line.startsWith(Limits.LINE))
                .map(line -> line.substring(Limits.LINE.length()).strip().split(" ", 2)[0])
                .filter(soft -> soft.matches("[0-9]{18,19}"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    /** Parses {@code pid (name) state parent group session …}: the name may hold any character, a parenthesis too. */
    static Proc parse(String stat) {
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        String[] fields = stat.substring(close + 2).split(" ", -1);
        boolean ended = fields[0].equals("Z") || fields[0].equals("X");
        boolean threadsLeft =
                Integer.parseInt(fields[17]) > 1; // a process whose main thread alone has ended looks like a zombie
        return new Proc(
                new Id(Integer.parseInt(stat.substring(0, open - 1)), Long.parseLong(fields[19])),
                stat.substring(open + 1, close),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                ended && !threadsLeft);
    }

    private static Optional<String> read(int pid, String file) {
        try {
            return Optional.of(
                    new String(Files.readAllBytes(ROOT.resolve(Integer.toString(pid), file)), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty(); // the process has ended meanwhile, or is another user's
        }
    }
}
