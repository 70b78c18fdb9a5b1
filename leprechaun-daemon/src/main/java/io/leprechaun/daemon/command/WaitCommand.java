package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.RunWait;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.worker.Dispatcher;

/** The command {@code wait}: waits until a run is over. */
record WaitCommand(RunLookup runs, Dispatcher dispatcher, RunWait waiting) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        Run run = runs.run(arguments.operand(0, "RUN"));
        return dispatcher
                .over(run.id())
                .map(over -> waiting.reply(call, run, over, arguments.value("--timeout")))
                .orElseGet(() -> waiting.documents().one(runs.find(run.id()).orElse(run)));
    }
}
