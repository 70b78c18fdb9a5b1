package io.leprechaun.daemon.posix;

/**
 * The error numbers that the daemon distinguishes; they are the same on every kind of Linux machine that it supports.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int ENOTDIR = 20;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ERANGE = 34;
    public static final int EOPNOTSUPP = 95;

    private static final CFunction STRERRORDESC = CFunction.named("strerrordesc_np");

    private Errno() {}

    /** Returns the meaning of an error number, in the C library's English words. */
    public static String describe(int errno) {
        return CFunction.text(STRERRORDESC.callLong(errno)).orElse("error " + errno);
    }
}
