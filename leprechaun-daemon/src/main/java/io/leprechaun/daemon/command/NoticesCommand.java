package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.desk.NoticeTargets;
import io.leprechaun.daemon.desk.RecipeMutes;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The command {@code notices}: lists the notices that wait and those that were given up. */
record NoticesCommand(
        Outbox outbox, NoticeTargets targets, RecipeMutes mutes, RunDocument documents, InstantSource clock)
        implements Handler.Answer {
    private static final int MOST = 1000;

    private static final int LEAST = 10;
    private static final int LEAST_WHY = 16;

    @Override
    public Reply to(Arguments arguments, Call call) {
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<List<Cell>>();
        var ids = new ArrayList<String>();
        Instant now = clock.instant();
        List<Outbox.OutboxEntry> entries = outbox.entries(MOST);
        for (Outbox.OutboxEntry entry : entries) {
            Notice notice = entry.notice();
            Optional<String> why = entry.givenUp()
                    .or(() -> targets.find(entry.target())
                            .map(target -> target.trouble(notice.id()))
                            .orElse(Optional.of(entry.target() + " is no longer in the settings")));
            boolean waits = entry.givenUp().isEmpty();
            data.add(data(entry, waits, why));
            rows.add(List.of(
                    Cell.of(notice.id()),
                    Cell.of(Durations.distance(notice.at(), now)),
                    Cell.of(entry.target()
                            + (notice.left().isEmpty() ? "" : " to " + String.join(", ", notice.left()))),
                    Cell.of(notice.kind().word()),
                    Cell.of(notice.sentence()),
                    Cell.of(waits ? "waiting" : "given up", waits ? Style.WARN : Style.BAD),
                    why.map(Cell::of).orElse(Cell.NONE)));
            ids.add(String.valueOf(notice.id()));
        }
        var silences = mutes.now();
        var table = new Table(
                List.of(
                        Column.right("notice"),
                        Column.left("since"),
                        Column.left("by").shrinking(2, LEAST),
                        Column.left("kind").optional(4),
                        Column.left("what").shrinking(3, LEAST),
                        Column.left("state"),
                        Column.left("why").shrinking(1, LEAST_WHY).wrapping()),
                rows,
                !targets.people().isEmpty() ? "no notices are waiting" : NoticeTargets.NOBODY);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("notices", data);
        answer.put(
                "silences",
                silences.entrySet().stream()
                        .map(one -> mutes.data(one.getKey(), one.getValue()))
                        .toList());
        return Reply.of(
                        answer,
                        screen -> table.render(screen)
                                + Text.lines(silences.entrySet().stream()
                                                .map(one -> mutes.sentence(one.getKey(), one.getValue()))
                                                .toList())
                                        .render(screen),
                        ids)
                .with(() -> rest(entries));
    }

    private static Optional<String> rest(List<Outbox.OutboxEntry> entries) {
        long waiting =
                entries.stream().filter(entry -> entry.givenUp().isEmpty()).count();
        return waiting < MOST
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "the first %,d notices that wait; there may be more", MOST));
    }

    private Map<String, ?> data(Outbox.OutboxEntry entry, boolean waits, Optional<String> why) {
        Notice notice = entry.notice();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", notice.id());
        data.put("target", entry.target());
        data.put("to", notice.left());
        data.put("kind", notice.kind().word());
        switch (notice.about()) {
            case Notice.About.RunEnded(Run run) -> {
                data.put("run", run.id());
                data.put("recipe", run.order().recipe().value());
            }
            case Notice.About.Alert found -> {
                data.put("run", null);
                data.put("recipe", null);
            }
        }
        data.put("sentence", notice.sentence());
        data.put("since", documents.time(notice.at()));
        data.put("state", waits ? "waiting" : "given_up");
        data.put("why", why.orElse(null));
        return data;
    }
}
