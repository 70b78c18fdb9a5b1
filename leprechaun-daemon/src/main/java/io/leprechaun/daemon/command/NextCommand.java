package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.desk.HoldForecast;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.Upcoming;
import io.leprechaun.daemon.view.RunDocument;
import java.time.InstantSource;
import java.util.stream.Collectors;

/** The command {@code next}: lists the next due instants of recipes. */
record NextCommand(
        RecipeLookup recipes, Agents agents, HoldForecast forecast, RunDocument documents, InstantSource clock)
        implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        recipes.scope().requireFew(arguments.value("-n"));
        var named = arguments.operands().stream()
                .map(name -> recipes.entry(name).name())
                .collect(Collectors.toSet());
        var there = recipes.present();
        var timed = agents.timed().stream()
                .filter(one -> (named.isEmpty() ? there : named).contains(one.name()))
                .toList();
        return Upcoming.of(NextTable.ofRecipes(documents, forecast::against), timed, arguments, clock.instant());
    }
}
