package io.leprechaun.daemon.posix;

/**
 * The target of what a child prints. It is opened right before the child starts and closed right after, while no other
 * child starts: otherwise that one would hold it open until it executes its program.
 */
public interface ChildOutput {
    /**
     * Opens it, and returns its descriptor. May be called again after {@link #started}, when the start has failed.
     *
     * @throws PosixException when it cannot be opened
     */
    int open() throws PosixException;

    /** Closes it here: the child has it, or was not started. */
    void started();
}
