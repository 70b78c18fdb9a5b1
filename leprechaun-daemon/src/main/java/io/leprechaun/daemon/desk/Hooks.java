package io.leprechaun.daemon.desk;

import io.leprechaun.api.Handler;
import io.leprechaun.api.Registrator;
import java.util.List;

/** What people do with hooks that have come: {@code hook replay}. {@code hook test} needs no daemon, and is none of its commands. */
public final class Hooks implements Registrator {
    private final Starting starting;

    /** What the desk knows of them. */
    public Hooks(Desk desk, Book.Agents agents, History history) {
        this.starting = new Starting(desk, agents, history);
    }

    @Override
    public String name() {
        return "hook";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(Handler.changes("replay", starting::replay));
    }
}
