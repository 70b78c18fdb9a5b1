package io.leprechaun.daemon.posix;

/** A system call failed. The message names the call and says why. */
public final class PosixException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    PosixException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** One of {@link Errno}, or another error number of the system. */
    public int errno() {
        return errno;
    }
}
