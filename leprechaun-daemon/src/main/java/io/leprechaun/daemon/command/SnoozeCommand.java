package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeMutes;
import io.leprechaun.daemon.history.Mute;

/** The command {@code snooze}: mutes a recipe for a time. */
record SnoozeCommand(RecipeMutes mutes) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        return mutes.change(Mute.Extent.SNOOZE, arguments, call);
    }
}
