package io.leprechaun.daemon.notify;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Style;
import io.leprechaun.api.Table;
import io.leprechaun.api.Table.Cell;
import io.leprechaun.api.Table.Column;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.Outbox;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people ask of notices: which wait and which failed ({@code notices}), and whether they arrive at all ({@code notify test}). */
public record Notices(Outbox outbox, Optional<Target> target, RunDocument documents, InstantSource clock)
        implements Registrator {
    private static final int MOST = 1000;
    private static final String NOBODY = "nobody is told: the settings have no `notify: { mail: ... }`";

    @Override
    public String name() {
        return "notify";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(Handler.reads("list", this::list), Handler.changes("test", this::test));
    }

    private Reply list(Call call) {
        Arguments.parse(call.arguments(), 0);
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<List<Cell>>();
        var ids = new ArrayList<String>();
        Instant now = clock.instant();
        for (Outbox.Entry entry : outbox.entries(MOST)) {
            Notice notice = entry.notice();
            Optional<String> why = entry.givenUp()
                    .or(() -> target.flatMap(whom -> whom.notifier().trouble(notice.id())));
            boolean waits = entry.givenUp().isEmpty();
            data.add(data(notice, waits, why));
            rows.add(List.of(
                    Cell.of(notice.id()),
                    Cell.of(RunDocument.distance(at(notice), now)),
                    Cell.of(notice.kind().word()),
                    Cell.of(notice.sentence()),
                    Cell.of(waits ? "waits" : "given up", waits ? Style.WARN : Style.BAD),
                    why.map(Cell::of).orElse(Cell.NONE)));
            ids.add(String.valueOf(notice.id()));
        }
        return Reply.of(
                Map.of("notices", data),
                new Table(
                        List.of(
                                Column.right("notice"),
                                Column.left("since"),
                                Column.left("kind"),
                                Column.shrinking("what"),
                                Column.left("state"),
                                Column.shrinking("why")),
                        rows,
                        target.isPresent() ? "nothing waits to be told" : NOBODY),
                ids);
    }

    private Map<String, ?> data(Notice notice, boolean waits, Optional<String> why) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", notice.id());
        data.put("kind", notice.kind().word());
        switch (notice.about()) {
            case Notice.About.Ended(Run run) -> {
                data.put("run", run.id());
                data.put("recipe", run.order().recipe().value());
            }
            case Notice.About.Found found -> {
                data.put("run", null);
                data.put("recipe", null);
            }
        }
        data.put("sentence", notice.sentence());
        data.put("since", documents.time(at(notice)));
        data.put("state", waits ? "waiting" : "given_up");
        data.put("why", why.orElse(null));
        return data;
    }

    private static Instant at(Notice notice) {
        return switch (notice.about()) {
            case Notice.About.Ended(Run run) ->
                run.times().endedAt().orElse(run.times().queuedAt());
            case Notice.About.Found found -> found.at();
        };
    }

    /** Asks at once, whatever waits: who tests wants to know what the other side says. */
    private Reply test(Call call) {
        Arguments.parse(call.arguments(), 0);
        Target whom = target.orElseThrow(() -> new ProblemException(Problem.refused(NOBODY)));
        String sentence = "this is a test that " + call.caller().user() + " asked for";
        var notice = new Notice(0, Notice.Kind.TEST, new Notice.About.Found(sentence, clock.instant()));
        try (var sender = whom.sender().get()) {
            sender.send(List.of(notice));
            return answer(whom, Optional.empty());
        } catch (NotSentException e) {
            return answer(whom, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private static Reply answer(Target whom, Optional<String> why) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("target", whom.name());
        data.put("where", whom.where());
        data.put("sent", why.isEmpty());
        data.put("why", why.orElse(null));
        String line = why.map(words -> whom.name() + ": not sent to " + whom.where() + ": " + words)
                .orElse(whom.name() + ": taken for " + whom.where());
        return new Reply.Document(
                Map.of("targets", List.of(data)),
                screen -> line + "\n",
                List.of(whom.name()),
                why.isEmpty() ? ExitCode.OK : ExitCode.FAILED);
    }
}
