package io.leprechaun.daemon.posix;

/** The failure of a system call. The message names the call and the reason. */
public final class PosixException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    PosixException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** Returns one of {@link Errno}, or another error number of the system. */
    public int errno() {
        return errno;
    }
}
