package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A user of this system, from wherever the system keeps its users.
 *
 * @param home the home folder, whether or not it exists
 * @param shell the login shell
 */
public record User(String name, int uid, int gid, Path home, Path shell) {
    private static final long PASSWD_SIZE = 48;
    private static final long GROUP_SIZE = 32;
    private static final long GROUP_NUMBER = 16;
    private static final long LARGEST_ENTRY = 1 << 20;

    private static final MethodHandle BY_UID = Native.function(
            "getpwuid_r", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle BY_NAME = Native.function(
            "getpwnam_r", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    private static final MethodHandle GROUP_BY_NAME = Native.function(
            "getgrnam_r", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle GROUPS =
            Native.function("getgrouplist", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));

    /** The user we act as; without an entry of its own (a bare container), one named by its number that lives in {@code /}. */
    public static User current() {
        int uid = Self.uid();
        return find(arena -> (entry, room, size, found) -> (int) BY_UID.invokeExact(uid, entry, room, size, found))
                .orElseGet(() -> new User(Integer.toUnsignedString(uid), uid, uid, Path.of("/"), Path.of("/bin/sh")));
    }

    /** The user of this name; empty when there is none. */
    public static Optional<User> named(String name) {
        return find(arena -> {
            MemorySegment text = arena.allocateFrom(name);
            return (entry, room, size, found) -> (int) BY_NAME.invokeExact(text, entry, room, size, found);
        });
    }

    /**
     * The number of the group of this name; empty when there is none.
     *
     * @param name or its number
     */
    public static OptionalInt group(String name) {
        if (name.matches("[0-9]{1,9}")) {
            return OptionalInt.of(Integer.parseInt(name));
        }
        for (long size = 4096; size <= LARGEST_ENTRY; size *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment entry = arena.allocate(GROUP_SIZE, 8);
                MemorySegment found = arena.allocate(ADDRESS);
                int error = (int)
                        GROUP_BY_NAME.invokeExact(arena.allocateFrom(name), entry, arena.allocate(size), size, found);
                if (error != Errno.ERANGE) {
                    return found.get(ADDRESS, 0).equals(MemorySegment.NULL)
                            ? OptionalInt.empty()
                            : OptionalInt.of(entry.get(JAVA_INT, GROUP_NUMBER));
                }
            } catch (Throwable e) {
                throw Native.misbound(e);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * The numbers of all groups that the user is in, in ascending order.
     *
     * @param primary the group that counts as the user's own
     */
    public List<Integer> groups(int primary) {
        for (int room = 64; ; room *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocateFrom(JAVA_INT, room);
                MemorySegment groups = arena.allocate(JAVA_INT, room);
                if ((int) GROUPS.invokeExact(arena.allocateFrom(name), primary, groups, count) >= 0) {
                    return IntStream.range(0, count.get(JAVA_INT, 0))
                            .map(i -> groups.getAtIndex(JAVA_INT, i))
                            .sorted()
                            .distinct()
                            .boxed()
                            .toList();
                }
            } catch (Throwable e) {
                throw Native.misbound(e);
            }
        }
    }

    private interface Lookup {
        int into(MemorySegment entry, MemorySegment room, long size, MemorySegment found) throws Throwable;
    }

    private interface Question {
        Lookup in(Arena arena);
    }

    private static Optional<User> find(Question question) {
        for (long size = 4096; size <= LARGEST_ENTRY; size *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment entry = arena.allocate(PASSWD_SIZE, 8);
                MemorySegment found = arena.allocate(ADDRESS);
                int error = question.in(arena).into(entry, arena.allocate(size), size, found);
                if (error != Errno.ERANGE) {
                    return found.get(ADDRESS, 0).equals(MemorySegment.NULL)
                            ? Optional.empty()
                            : Optional.of(read(entry));
                }
            } catch (Throwable e) {
                throw Native.misbound(e);
            }
        }
        return Optional.empty();
    }

    /** {@code struct passwd} of a 64-bit glibc: name, password, uid, gid, gecos, home, shell. */
    private static User read(MemorySegment entry) {
        return new User(
                Native.text(entry.get(ADDRESS, 0)),
                entry.get(JAVA_INT, 16),
                entry.get(JAVA_INT, 20),
                Path.of(Native.text(entry.get(ADDRESS, 32))),
                Path.of(Native.text(entry.get(ADDRESS, 40))));
    }
}
