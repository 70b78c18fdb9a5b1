package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One call of {@code posix_spawn}: first the changes to the child's descriptors and folder, in the order of the calls
 * here, then the start. The child leads its own session, blocks and ignores no signal, and inherits no descriptor
 * beyond 2. For one thread. Strings are passed as UTF-8 and must hold no NUL.
 */
public final class Spawn implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 01;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;

    /** A size larger than that of any glibc: on x86_64 and aarch64 the actions take 80 bytes and the attributes 336. */
    private static final long ACTIONS_SIZE = 256;

    private static final long ATTRIBUTES_SIZE = 1024;
    private static final long SIGNAL_SET_SIZE = 128;

    private static final CFunction SPAWN = CFunction.named("posix_spawn");
    private static final CFunction ACTIONS_INIT = CFunction.named("posix_spawn_file_actions_init");
    private static final CFunction ACTIONS_DESTROY = CFunction.named("posix_spawn_file_actions_destroy");
    private static final CFunction ADD_OPEN = CFunction.named("posix_spawn_file_actions_addopen");
    private static final CFunction ADD_DUP2 = CFunction.named("posix_spawn_file_actions_adddup2");
    private static final CFunction ADD_CHDIR = CFunction.named("posix_spawn_file_actions_addchdir_np");
    private static final CFunction ADD_CLOSEFROM = CFunction.named("posix_spawn_file_actions_addclosefrom_np");

    /** The attributes of every child; they are only read. */
    private static final MemorySegment ATTRIBUTES = attributes();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment actions = arena.allocate(ACTIONS_SIZE, 16);

    /** Creates a call without any changes yet. */
    public Spawn() {
        check("posix_spawn_file_actions_init", ACTIONS_INIT.call(actions.address()));
    }

    /** Opens a file for reading. */
    public Spawn read(int descriptor, String path) {
        return open(descriptor, path, O_RDONLY);
    }

    /** Opens a file for writing. */
    public Spawn write(int descriptor, String path) {
        return open(descriptor, path, O_WRONLY);
    }

    /** Makes {@code to} another name of {@code from}. */
    public Spawn duplicate(int from, int to) {
        check("posix_spawn_file_actions_adddup2", ADD_DUP2.call(actions.address(), from, to));
        return this;
    }

    /** Starts in this folder; a path after it may be relative to it. */
    public Spawn directory(String path) {
        check("posix_spawn_file_actions_addchdir_np", ADD_CHDIR.call(actions.address(), string(path)));
        return this;
    }

    /**
     * Starts a program.
     *
     * @param file its path; {@code PATH} is not searched
     * @param argv its name and arguments
     * @param environment all its variables, as {@code NAME=value}
     * @return its pid
     * @throws PosixException when it did not start: the program, an opened file or the folder is at fault
     */
    public int start(String file, List<String> argv, List<String> environment) throws PosixException {
        check("posix_spawn_file_actions_addclosefrom_np", ADD_CLOSEFROM.call(actions.address(), 3));
        MemorySegment pid = arena.allocate(JAVA_INT);
        long program = string(file);
        long words = strings(argv);
        long variables = strings(environment);
        int error = Limits.startChild(
                () -> SPAWN.call(pid.address(), program, actions.address(), ATTRIBUTES.address(), words, variables),
                () -> pid.get(JAVA_INT, 0));
        if (error != 0) {
            throw new PosixException("posix_spawn", error);
        }
        return pid.get(JAVA_INT, 0);
    }

    @Override
    public void close() {
        ACTIONS_DESTROY.call(actions.address());
        arena.close();
    }

    private Spawn open(int descriptor, String path, int flags) {
        check("posix_spawn_file_actions_addopen", ADD_OPEN.call(actions.address(), descriptor, string(path), flags, 0));
        return this;
    }

    private long string(String text) {
        return arena.allocateFrom(text).address();
    }

    private long strings(List<String> strings) {
        MemorySegment pointers = arena.allocate(ADDRESS, strings.size() + 1L); // the last one stays NULL
        for (int i = 0; i < strings.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return pointers.address();
    }

    private static MemorySegment attributes() {
        MemorySegment attributes = Arena.global().allocate(ATTRIBUTES_SIZE, 16);
        MemorySegment none = Arena.global().allocate(SIGNAL_SET_SIZE, 8);
        // sigfillset leaves out the two that glibc uses itself, and the child would then ignore them
        MemorySegment all = Arena.global().allocate(SIGNAL_SET_SIZE, 8).fill((byte) 0xff);
        set("posix_spawnattr_init", attributes, 0);
        set("posix_spawnattr_setflags", attributes, SETSIGDEF | SETSIGMASK | SETSID);
        set("posix_spawnattr_setsigmask", attributes, none.address());
        set("posix_spawnattr_setsigdefault", attributes, all.address());
        return attributes;
    }

    private static void set(String call, MemorySegment attributes, long to) {
        check(call, CFunction.named(call).call(attributes.address(), to));
    }

    /** Throws an exception on an error. These calls only fail without memory, or for an invalid descriptor. */
    private static void check(String call, int error) {
        if (error != 0) {
            throw new IllegalStateException(call + ": " + Errno.describe(error));
        }
    }
}
