package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.desk.Upcoming;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.schedule.PatternException;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;

/** The command {@code next --pattern}: lists the due times of given patterns. */
record NextPatternCommand(Loaded loaded, HostClock clock, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        return printer.print(answer(arguments, loaded.settings().zone(), clock.instant()));
    }

    /**
     * Lists the firings.
     *
     * @param zone the zone of the settings, used unless the arguments name one
     * @throws ProblemException (usage) for an invalid pattern, zone or time
     */
    static Reply answer(Arguments arguments, ZoneId zone, Instant now) {
        ZoneId own = arguments.value("--zone").map(NextPatternCommand::zone).orElse(zone);
        var timed = new ArrayList<NextTable.Timed>();
        for (String pattern : arguments.values("--pattern")) {
            try {
                timed.add(new NextTable.Timed(pattern, CronPattern.parse(pattern, own)));
            } catch (PatternException e) {
                throw new ProblemException(Problem.usage(String.valueOf(e.getMessage())));
            }
        }
        return Upcoming.of(NextTable.ofPatterns(new RunDocument(own)), timed, arguments, now);
    }

    private static ZoneId zone(String name) {
        try {
            return MappingReader.zoned(name);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage(String.valueOf(e.getMessage())));
        }
    }
}
