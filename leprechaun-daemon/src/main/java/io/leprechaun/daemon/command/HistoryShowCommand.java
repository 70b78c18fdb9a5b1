package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.view.RunTables;

/** The command {@code history show}: shows a run, for programs. */
record HistoryShowCommand(RunLookup runs, RunDocument documents) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        return new RunTables(documents).details(runs.run(arguments.operand(0, "RUN")));
    }
}
