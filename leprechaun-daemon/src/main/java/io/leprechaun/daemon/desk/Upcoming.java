package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.agent.NextTable;
import java.time.Instant;
import java.util.List;

/** The answer of {@code next}, about recipes and about patterns that are in no recipe. */
public final class Upcoming {
    private Upcoming() {}

    /** Returns the list of firings that the arguments ask for. */
    public static Reply of(NextTable table, List<NextTable.Timed> timed, Arguments arguments, Instant now) {
        int limit = TimeParser.count(arguments.value("-n").orElse("10"));
        Instant from = arguments
                .value("--from")
                .map(text -> TimeParser.begin(text, now, table.documents().zone()))
                .orElse(now);
        return arguments.has("--across-dst")
                ? table.of(NextTable.acrossChanges(timed, from, limit), "no change of the clocks within 40 years")
                : table.of(NextTable.firings(timed, from, limit), NextTable.NOTHING);
    }
}
