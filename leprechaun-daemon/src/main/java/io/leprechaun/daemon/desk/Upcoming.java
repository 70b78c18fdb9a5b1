package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.schedule.PatternException;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** What {@code next} says, of recipes and of patterns that are in no recipe. */
public final class Upcoming {

    private Upcoming() {}

    /** The words after {@code next}: names of recipes and options. */
    static Arguments arguments(List<String> words) {
        return Verbs.answeredBy("book", "next").parse(words);
    }

    static Reply of(NextTable table, List<NextTable.Timed> timed, Arguments arguments, Instant now) {
        int limit = TimeParser.count(arguments.value("-n").orElse("10"));
        Instant from = arguments
                .value("--from")
                .map(text -> TimeParser.moment(text, now, table.documents().zone()))
                .orElse(now);
        return arguments.has("--across-dst")
                ? table.of(NextTable.acrossChanges(timed, from, limit), "the clocks are not set within forty years")
                : table.of(NextTable.firings(timed, from, limit), NextTable.NOTHING);
    }

    /**
     * The words after {@code next --pattern}.
     *
     * @param zone of the host, unless the words name one
     * @throws ProblemException (usage) for what is no pattern, no zone or no time
     */
    public static Reply ofPatterns(List<String> words, ZoneId zone, Instant now) {
        var arguments = Verbs.find("next").orElseThrow().form().parse(words);
        ZoneId own = arguments.value("--zone").map(Upcoming::zone).orElse(zone);
        var timed = new ArrayList<NextTable.Timed>();
        for (String pattern : arguments.values("--pattern")) {
            try {
                timed.add(new NextTable.Timed(pattern, CronPattern.parse(pattern, own)));
            } catch (PatternException e) {
                throw new ProblemException(Problem.usage(String.valueOf(e.getMessage())));
            }
        }
        return of(NextTable.ofPatterns(new RunDocument(own)), timed, arguments, now);
    }

    private static ZoneId zone(String name) {
        try {
            return MappingReader.zoned(name);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage(String.valueOf(e.getMessage())));
        }
    }
}
