package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The error numbers that are told apart, the same on every kind of Linux machine we run on. */
public final class Errno {
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ERANGE = 34;
    public static final int EOPNOTSUPP = 95;

    private static final MethodHandle STRERRORDESC =
            Native.function("strerrordesc_np", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Errno() {}

    /** What an error number means, in the C library's English words. */
    public static String describe(int errno) {
        try {
            var text = (MemorySegment) STRERRORDESC.invokeExact(errno);
            return text.equals(MemorySegment.NULL) ? "error " + errno : Native.text(text);
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
    }
}
