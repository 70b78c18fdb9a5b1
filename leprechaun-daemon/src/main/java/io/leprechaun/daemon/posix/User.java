package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * A user of this system, from any source of users that the system has.
 *
 * @param home the home folder, which need not exist
 * @param shell the login shell
 */
public record User(String name, int uid, int gid, Path home, Path shell) {
    private static final long PASSWD_SIZE = 48;
    private static final long GROUP_SIZE = 32;
    private static final long GROUP_NUMBER = 16;
    private static final long LARGEST_ENTRY = 1 << 20;

    private static final CFunction BY_UID = CFunction.named("getpwuid_r");
    private static final CFunction BY_NAME = CFunction.named("getpwnam_r");

    private static final CFunction GROUP_BY_NAME = CFunction.named("getgrnam_r");
    private static final CFunction GROUPS = CFunction.named("getgrouplist");

    /**
     * Returns the user as which we act. One without an entry (a bare container) is named by its number and has the home
     * folder {@code /}.
     */
    public static User current() {
        int uid = Self.uid();
        return entry(BY_UID, arena -> uid, PASSWD_SIZE, User::read)
                .orElseGet(() -> new User(Integer.toUnsignedString(uid), uid, uid, Path.of("/"), Path.of("/bin/sh")));
    }

    /** Returns the user of this number; empty when there is none. */
    public static Optional<User> numbered(int uid) {
        return entry(BY_UID, arena -> Integer.toUnsignedLong(uid), PASSWD_SIZE, User::read);
    }

    /** Returns the user of this name; empty when there is none. */
    public static Optional<User> named(String name) {
        return entry(BY_NAME, arena -> arena.allocateFrom(name).address(), PASSWD_SIZE, User::read);
    }

    /**
     * Returns the number of the group of this name; empty when there is none.
     *
     * @param name the name, or the number as text
     */
    public static Optional<Integer> group(String name) {
        return number(name)
                .or(() -> entry(
                        GROUP_BY_NAME,
                        arena -> arena.allocateFrom(name).address(),
                        GROUP_SIZE,
                        entry -> entry.get(JAVA_INT, GROUP_NUMBER)));
    }

    /**
     * Returns the number that is written in the place of a user's or a group's name, up to 4294967294; empty for a
     * name.
     */
    public static Optional<Integer> number(String text) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) < 0xffff_ffffL
                ? Optional.of(Integer.parseUnsignedInt(text))
                : Optional.empty();
    }

    /**
     * Returns the numbers of all groups that have the user as a member, in ascending order.
     *
     * @param primary the group that counts as the user's own
     */
    public List<Integer> groups(int primary) {
        for (int room = 64; ; room *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocateFrom(JAVA_INT, room);
                MemorySegment groups = arena.allocate(JAVA_INT, room);
                if (GROUPS.call(arena.allocateFrom(name).address(), primary, groups.address(), count.address()) >= 0) {
                    return IntStream.range(0, count.get(JAVA_INT, 0))
                            .map(i -> groups.getAtIndex(JAVA_INT, i))
                            .sorted()
                            .distinct()
                            .boxed()
                            .toList();
                }
            }
        }
    }

    /**
     * Returns the result of one of the C library's look-ups, with as much room for an entry's texts as it needs, up to
     * {@value #LARGEST_ENTRY} bytes.
     */
    private static <T> Optional<T> entry(
            CFunction lookUp, ToLongFunction<Arena> key, long entrySize, Function<MemorySegment, T> read) {
        for (long size = 4096; size <= LARGEST_ENTRY; size *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment entry = arena.allocate(entrySize, 8);
                MemorySegment found = arena.allocate(ADDRESS);
                int error = lookUp.call(
                        key.applyAsLong(arena),
                        entry.address(),
                        arena.allocate(size).address(),
                        size,
                        found.address());
                if (error != Errno.ERANGE) {
                    return found.get(ADDRESS, 0).equals(MemorySegment.NULL)
                            ? Optional.empty()
                            : Optional.of(read.apply(entry));
                }
            }
        }
        return Optional.empty();
    }

    private static String text(MemorySegment entry, long offset) {
        return CFunction.text(entry.get(ADDRESS, offset).address()).orElse("");
    }

    /** Reads a {@code struct passwd} of a 64-bit glibc: name, password, uid, gid, gecos, home, shell. */
    private static User read(MemorySegment entry) {
        return new User(
                text(entry, 0),
                entry.get(JAVA_INT, 16),
                entry.get(JAVA_INT, 20),
                Path.of(text(entry, 32)),
                Path.of(text(entry, 40)));
    }
}
