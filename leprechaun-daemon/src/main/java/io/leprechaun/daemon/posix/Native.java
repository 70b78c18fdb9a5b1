package io.leprechaun.daemon.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;

/** Binds functions of the C library. */
final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

    private Native() {}

    /** A function whose {@code errno} is of no interest. */
    static MethodHandle function(String name, FunctionDescriptor type) {
        return bind(name, type);
    }

    /** A function that tells why it failed by {@code errno}: its first argument is a segment of {@link #errno(Arena)}. */
    static MethodHandle functionWithErrno(String name, FunctionDescriptor type, Linker.Option... options) {
        var all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return bind(name, type, all);
    }

    static boolean exists(String name) {
        return LINKER.defaultLookup().find(name).isPresent();
    }

    /** Room for the {@code errno} of a call. */
    static MemorySegment errno(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    static int errnoOf(MemorySegment captured) {
        return (int) ERRNO.get(captured, 0L);
    }

    /** The text at an address that C owns. */
    @SuppressWarnings("restricted")
    static String text(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** Method handles declare every throwable, but a call into C throws nothing: this is a wrongly typed handle. */
    static AssertionError misbound(Throwable thrown) {
        return new AssertionError("a function of the C library is bound wrongly", thrown);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
        Optional<MemorySegment> address = LINKER.defaultLookup().find(name);
        return LINKER.downcallHandle(
                address.orElseThrow(() -> new UnsupportedOperationException("this system's C library has no " + name)),
                type,
                options);
    }
}
