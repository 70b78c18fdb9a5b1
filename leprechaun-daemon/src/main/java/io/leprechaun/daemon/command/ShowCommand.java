package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RecipePage;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.view.RunTables;

/** The command {@code show}: shows a recipe as it is in force, or a run with the usage of its steps. */
record ShowCommand(RecipeLookup recipes, RecipePage page, RunLookup runs, RunDocument documents)
        implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        String named = arguments.operand(0, "RECIPE or RUN");
        return RunLookup.isId(named)
                ? new RunTables(documents).details(runs.run(named))
                : page.reply(recipes.entry(named), call.caller());
    }
}
