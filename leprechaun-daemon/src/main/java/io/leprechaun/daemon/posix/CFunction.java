package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * A function of the C library that takes at most six integers and pointers, and returns one.
 *
 * <p>All of them are called in one way, with six arguments of 64 bits. The calling conventions of 64-bit Linux (System
 * V for x86_64, AAPCS64 for aarch64) pass each in a register of its own. The function reads as many of them, and as
 * much of each, as it declares. A separate call for each function's type would take an eighth of the daemon's start.
 */
final class CFunction {
    private static final MethodHandle CALL = call();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

    /** The room for the {@code errno} of all calls whose callers do not read it. */
    private static final MemorySegment UNREAD = errno(Arena.global());

    private final MemorySegment address;

    private CFunction(MemorySegment address) {
        this.address = address;
    }

    /** @throws UnsupportedOperationException when the C library has no function of this name */
    static CFunction named(String name) {
        return find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library of this system lacks " + name));
    }

    static Optional<CFunction> find(String name) {
        return Linker.nativeLinker().defaultLookup().find(name).map(CFunction::new);
    }

    /** Returns its address, for functions that take a function. */
    long address() {
        return address.address();
    }

    /**
     * Calls a function that returns an {@code int}.
     *
     * @param arguments numbers, and addresses of memory that stays allocated during the call
     */
    int call(long... arguments) {
        return (int) callLong(UNREAD, arguments);
    }

    /**
     * Calls a function that returns an {@code int}, and stores the reason of a failure in a room that
     * {@link #errno(Arena)} has allocated.
     */
    int call(MemorySegment errno, long... arguments) {
        return (int) callLong(errno, arguments);
    }

    /** Calls a function that returns 64 bits. */
    long callLong(long... arguments) {
        return callLong(UNREAD, arguments);
    }

    /**
     * Calls a function that returns 64 bits, and stores the reason of a failure in a room that {@link #errno(Arena)}
     * has allocated.
     */
    long callLong(MemorySegment errno, long... arguments) {
        try {
            return (long) CALL.invokeExact(
                    address,
                    errno,
                    argument(arguments, 0),
                    argument(arguments, 1),
                    argument(arguments, 2),
                    argument(arguments, 3),
                    argument(arguments, 4),
                    argument(arguments, 5));
        } catch (Throwable e) { // a method handle declares every throwable, but a call into C throws nothing
            throw new AssertionError("invalid call of a C library function", e);
        }
    }

    private static long argument(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    /** Allocates the room for the {@code errno} of a call. */
    static MemorySegment errno(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    static int errnoOf(MemorySegment captured) {
        return (int) ERRNO.get(captured, 0L);
    }

    /** Returns a copy of the text that C owns at an address; empty for NULL. */
    @SuppressWarnings("restricted")
    static Optional<String> text(long address) {
        return address == 0
                ? Optional.empty()
                : Optional.of(MemorySegment.ofAddress(address)
                        .reinterpret(Long.MAX_VALUE)
                        .getString(0));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call() {
        return Linker.nativeLinker()
                .downcallHandle(
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                        Linker.Option.captureCallState("errno"));
    }
}
