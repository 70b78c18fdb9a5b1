package io.leprechaun.daemon.agent.server;

import java.io.IOException;
import java.util.Optional;

/** Listens for hooks and serves nothing else. */
public interface HookListener {
    /**
     * Begins to listen.
     *
     * @throws IOException when the address cannot be listened on; the message says which and why
     */
    void listen(HookDesk desk) throws IOException;

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
