package io.leprechaun.daemon.agent.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Listens for hooks and serves nothing else. */
public interface HookListener extends Closeable {
    /**
     * Looks whether the settings allow it to listen, without doing so.
     *
     * @throws IOException when they do not: a certificate cannot be read, for example
     */
    void check() throws IOException;

    /**
     * Begins to listen.
     *
     * @throws UnavailableException when the address cannot be had now; the message says which and why
     * @throws IOException when it cannot be listened on as the settings say
     */
    void listen(HookDesk desk) throws IOException;

    /** Ends that, where it listens. It may listen again. */
    @Override
    void close() throws IOException;

    /** Of an agent that is never started. */
    HookListener NEVER = new HookListener() {
        @Override
        public void check() {
            // it needs nothing
        }

        @Override
        public void listen(HookDesk desk) {
            // nobody sends anything
        }

        @Override
        public void close() {
            // it was never open
        }
    };

    /** An address that is in use, not this host's, or not for this user: it may be had later. */
    final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1;

        /** @param message a sentence that says what to do */
        public UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Knows the hooks. Thread-safe. */
    interface HookDesk {
        /** How long the body for a hook may be, in bytes, whether there is such a hook or not. */
        int bodyLimit(Optional<String> id);

        /** Whether there is such a hook: for one that is not there nothing is kept. */
        boolean isKnown(Optional<String> id);

        /** Answers a hook, without waiting for what becomes of it. The body belongs to the desk from now on: it is kept, or removed. */
        HookAnswer answer(HookRequest request);
    }
}
