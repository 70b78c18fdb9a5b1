package io.leprechaun.daemon.agent.server;

import java.io.IOException;
import java.util.function.Function;

/** Listens for hooks and serves nothing else. */
public interface HookListener {
    /**
     * Begins to listen.
     *
     * @param answer may block; is asked for every hook
     * @throws IOException when the address cannot be listened on; the message says which and why
     */
    void listen(Function<HookRequest, HookAnswer> answer) throws IOException;
}
