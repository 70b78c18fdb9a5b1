package io.leprechaun.daemon.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** This process, as the kernel sees it. */
public final class Self {
    /** Our own pid. */
    public static final int PID = Math.toIntExact(ProcessHandle.current().pid());

    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final CFunction PRCTL = CFunction.named("prctl");
    private static final CFunction UMASK = CFunction.named("umask");
    private static final CFunction GETEUID = CFunction.named("geteuid");

    private static final CFunction GETEGID = CFunction.named("getegid");
    private static final CFunction GETPRIORITY = CFunction.named("getpriority");

    private Self() {}

    /** Makes us the parent of descendants whose own parent has ended. */
    public static void adoptOrphans() {
        if (PRCTL.call(PR_SET_CHILD_SUBREAPER, 1) != 0) {
            throw new UnsupportedOperationException(
                    "this kernel lacks child subreapers: Leprechaun needs Linux 3.4 or newer");
        }
    }

    /**
     * Closes our environment and our memory to every other process of our user, our steps included: to reading in
     * /proc, to ptrace(2) and in a core file. Root can still read them. The setting does not apply to programs that we
     * start.
     */
    public static void close() {
        PRCTL.call(PR_SET_DUMPABLE, 0);
    }

    /** Returns the user as which we act: 0 for root. */
    public static int uid() {
        return GETEUID.call();
    }

    /** Returns the group as which we act. */
    public static int gid() {
        return GETEGID.call();
    }

    /**
     * Returns the user numbers of the files of the host's root, as we see them: 0, and in a user namespace without all
     * users also the overflow number. It stands for the users that the namespace leaves out (user_namespaces(7)); no
     * process in it can act as one of them.
     */
    public static Set<Integer> roots() {
        try {
            String all = "0 0 4294967295";
            if (Files.readString(Path.of("/proc/self/uid_map"))
                    .strip()
                    .replaceAll("\\s+", " ")
                    .equals(all)) {
                return Set.of(0);
            }
            return Set.of(
                    0,
                    Integer.parseInt(Files.readString(Path.of("/proc/sys/kernel/overflowuid"))
                            .strip()));
        } catch (IOException | NumberFormatException e) {
            return Set.of(0);
        }
    }

    /** Returns our nice value, which children inherit: -20 to 19. */
    public static int nice() {
        return GETPRIORITY.call(0, 0);
    }

    /** Returns the permissions that files made by us and by our children do not get, 0 to 0777. */
    public static int umask() {
        return status("Umask:") // the system call can return it only by changing it
                .map(mask -> Integer.parseInt(mask, 8))
                .orElseThrow(() -> new UnsupportedOperationException(
                        STATUS + " shows no umask: Leprechaun needs Linux 4.7 or newer"));
    }

    /** Returns all groups in which we are besides our own, in ascending order. */
    public static List<Integer> groups() {
        return status("Groups:").stream()
                .flatMap(groups -> Stream.of(groups.split(" ")))
                .filter(group -> !group.isEmpty())
                .map(Integer::parseUnsignedInt)
                .toList();
    }

    private static Optional<String> status(String key) {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()).strip())
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sets the umask of the whole process and of its future children.
     *
     * @param mask the permissions to withhold, 0 to 0777
     */
    public static void umask(int mask) {
        UMASK.call(mask);
    }
}
