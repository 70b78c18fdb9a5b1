package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeTrend;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.desk.output.RunOutput;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;

/** The command {@code logs}: prints the output of a run. */
record LogsCommand(RunLookup runs, RunOutput.Sources sources) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        Run run = runs.run(arguments.operand(0, "RUN or RECIPE"));
        boolean follow = arguments.has("-f") || arguments.has("--follow");
        var step = arguments.value("--step").map(TimeParser::count);
        var attempt = arguments.value("--attempt").map(TimeParser::count);
        long from = arguments.value("--from").map(TimeParser::offset).orElse(0L);
        boolean timed = arguments.has("-t") || arguments.has("--timestamps");
        var output = new RunOutput(
                sources,
                run,
                attempt,
                step,
                from,
                timed,
                () -> runs.find(run.id()).orElse(run));
        boolean framed = arguments.has("--framed");
        if (framed && !follow) {
            throw new ProblemException(Problem.usage("--framed needs -f"));
        }
        return new Reply.Stream(
                out -> {
                    if (framed) {
                        output.tell(
                                out, RecipeTrend.of(runs, run.order().recipe()).usual());
                    } else {
                        output.writeTo(out, follow);
                    }
                },
                ExitCode.OK,
                () -> runs.find(run.id()).filter(LogsCommand::isWorthTelling).map(Run::sentence));
    }

    /** Returns whether a line about the run's end is needed: it did not succeed, or has a reason on record. */
    private static boolean isWorthTelling(Run run) {
        return run.state().isFinal()
                && (run.state() != RunState.SUCCEEDED || run.reason().isPresent());
    }
}
