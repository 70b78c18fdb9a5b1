package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * One call of {@code posix_spawn}: first what is done to the child's descriptors and folder, in the order it is asked for, then the start. The child leads its own
 * session, blocks and ignores no signal, and inherits no descriptor beyond 2. For one thread; strings are handed over as UTF-8 and must hold no NUL.
 */
public final class Spawn implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 01;
    private static final int O_CREAT = 0100;
    private static final int O_APPEND = 02000;
    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;

    /** More than any glibc takes: 80 and 336 bytes on x86_64 and aarch64. */
    private static final long ACTIONS_SIZE = 256;

    private static final long ATTRIBUTES_SIZE = 1024;
    private static final long SIGNAL_SET_SIZE = 128;

    private static final MethodHandle SPAWN = Native.function(
            "posix_spawn", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle ACTIONS_INIT =
            Native.function("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle ACTIONS_DESTROY =
            Native.function("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle ADD_OPEN = Native.function(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle ADD_DUP2 = Native.function(
            "posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle ADD_CHDIR =
            Native.function("posix_spawn_file_actions_addchdir_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle ADD_CLOSEFROM = Native.function(
            "posix_spawn_file_actions_addclosefrom_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    /** The same for every child, and only read. */
    private static final MemorySegment ATTRIBUTES = attributes();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment actions = arena.allocate(ACTIONS_SIZE, 16);

    /** A start of which nothing is said yet. */
    public Spawn() {
        try {
            check("posix_spawn_file_actions_init", (int) ACTIONS_INIT.invokeExact(actions));
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** Opens a file for reading. */
    public Spawn read(int descriptor, String path) {
        return open(descriptor, path, O_RDONLY);
    }

    /** Opens a file whose end is written to, and makes it 0600 where it is missing. */
    public Spawn append(int descriptor, String path) {
        return open(descriptor, path, O_WRONLY | O_CREAT | O_APPEND);
    }

    /** Makes {@code to} another name of {@code from}. */
    public Spawn duplicate(int from, int to) {
        try {
            check("posix_spawn_file_actions_adddup2", (int) ADD_DUP2.invokeExact(actions, from, to));
            return this;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** Starts in this folder; a path after it may be relative to it. */
    public Spawn directory(String path) {
        try {
            check("posix_spawn_file_actions_addchdir_np", (int)
                    ADD_CHDIR.invokeExact(actions, arena.allocateFrom(path)));
            return this;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /**
     * Starts a program.
     *
     * @param file its path; nothing is searched
     * @param argv its name and arguments
     * @param environment all of it, as {@code NAME=value}
     * @return its pid
     * @throws PosixException when it did not start: the program, an opened file or the folder is at fault
     */
    public int start(String file, List<String> argv, List<String> environment) throws PosixException {
        try {
            check("posix_spawn_file_actions_addclosefrom_np", (int) ADD_CLOSEFROM.invokeExact(actions, 3));
            MemorySegment pid = arena.allocate(JAVA_INT);
            int error = (int) SPAWN.invokeExact(
                    pid, arena.allocateFrom(file), actions, ATTRIBUTES, strings(argv), strings(environment));
            if (error != 0) {
                throw new PosixException("posix_spawn", error);
            }
            return pid.get(JAVA_INT, 0);
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    @Override
    public void close() {
        try {
            int ignored = (int) ACTIONS_DESTROY.invokeExact(actions);
            arena.close();
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    private Spawn open(int descriptor, String path, int flags) {
        try {
            check("posix_spawn_file_actions_addopen", (int)
                    ADD_OPEN.invokeExact(actions, descriptor, arena.allocateFrom(path), flags, 0600));
            return this;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    private MemorySegment strings(List<String> strings) {
        MemorySegment pointers = arena.allocate(ADDRESS, strings.size() + 1L); // the last one stays NULL
        for (int i = 0; i < strings.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return pointers;
    }

    private static MemorySegment attributes() {
        try {
            MemorySegment attributes = Arena.global().allocate(ATTRIBUTES_SIZE, 16);
            MemorySegment none = Arena.global().allocate(SIGNAL_SET_SIZE, 8);
            // sigfillset leaves out the two that glibc uses itself, and the child would then ignore them
            MemorySegment all = Arena.global().allocate(SIGNAL_SET_SIZE, 8).fill((byte) 0xff);
            var init = Native.function("posix_spawnattr_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
            var setFlags =
                    Native.function("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
            var setMask =
                    Native.function("posix_spawnattr_setsigmask", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
            var setDefault =
                    Native.function("posix_spawnattr_setsigdefault", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
            check("posix_spawnattr_init", (int) init.invokeExact(attributes));
            check("posix_spawnattr_setflags", (int)
                    setFlags.invokeExact(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID)));
            check("posix_spawnattr_setsigmask", (int) setMask.invokeExact(attributes, none));
            check("posix_spawnattr_setsigdefault", (int) setDefault.invokeExact(attributes, all));
            return attributes;
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    /** These only fail without memory, or for a descriptor that is none. */
    private static void check(String call, int error) {
        if (error != 0) {
            throw new IllegalStateException(call + ": " + Errno.describe(error));
        }
    }

    private static RuntimeException rethrown(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            return e;
        }
        throw thrown instanceof Error e ? e : Native.misbound(thrown);
    }
}
