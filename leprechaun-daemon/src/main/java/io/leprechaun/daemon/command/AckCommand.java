package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeMutes;
import io.leprechaun.daemon.history.Mute;

/** The command {@code ack}: acknowledges trouble: its notices are held back until it is over. */
record AckCommand(RecipeMutes mutes) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        return mutes.change(Mute.Extent.ACK, arguments, call);
    }
}
