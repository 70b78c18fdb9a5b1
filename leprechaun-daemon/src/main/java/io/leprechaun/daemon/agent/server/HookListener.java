package io.leprechaun.daemon.agent.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** A listener for hooks that serves nothing else. */
public interface HookListener extends Closeable {
    /**
     * Checks whether the settings allow it to listen, without listening.
     *
     * @throws IOException when they do not: a certificate cannot be read, for example
     */
    void check() throws IOException;

    /**
     * Begins to listen.
     *
     * @throws UnavailableException when the address is not available now; the message names it and the reason
     * @throws IOException when it cannot listen as the settings demand
     */
    void listen(HookDesk desk) throws IOException;

    /** Stops listening, if it listens. It may listen again. */
    @Override
    void close() throws IOException;

    /** The listener of an agent that is never started. */
    HookListener NEVER = new HookListener() {
        @Override
        public void check() {
            // it needs nothing
        }

        @Override
        public void listen(HookDesk desk) {
            // no sender exists
        }

        @Override
        public void close() {
            // it was never open
        }
    };

    /**
     * The failure to bind an address that is in use, not this host's, or not for this user: it may be available later.
     */
    final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1;

        /** @param message a sentence with the remedy */
        public UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The handler of requests for hooks. Thread-safe. */
    interface HookDesk {
        /** Returns the largest size of a body for a hook, in bytes, whether such a hook exists or not. */
        int bodyLimit(Optional<String> id);

        /** Returns whether such a hook exists: nothing is kept for one that does not. */
        boolean isKnown(Optional<String> id);

        /**
         * Answers a hook, without waiting for its outcome. The body belongs to the desk from now on: it is kept, or
         * removed.
         */
        HookAnswer answer(HookRequest request);
    }
}
