package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.audit.Change;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The command {@code changes}: lists the changes that users and programs made. */
record ChangesCommand(ChangeLog changes, RunDocument documents, InstantSource clock) implements Handler.Answer {
    private static final int USUAL = 50;
    private static final int LEAST = 10;

    @Override
    public Reply to(Arguments arguments, Call call) {
        int most = arguments.value("-n").map(TimeParser::count).orElse(USUAL);
        Instant now = clock.instant();
        Optional<Instant> since =
                arguments.value("--since").map(text -> TimeParser.moment(text, now, documents.zone()));
        Optional<String> by = arguments.value("--by");
        try {
            List<Change> found = changes.newest(
                    most,
                    change -> since.filter(change.at()::isBefore).isEmpty()
                            && by.filter(name -> !name.equals(change.by())).isEmpty());
            return Reply.of(
                    Map.of("changes", found.stream().map(this::data).toList()),
                    new Table(
                            List.of(
                                    Column.left("at"),
                                    Column.left("by"),
                                    Column.left("way").optional(3),
                                    Column.left("change").shrinking(1, LEAST),
                                    Column.left("result").shrinking(2, LEAST)),
                            found.stream().map(this::row).toList(),
                            "no changes"));
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(503, "Not read", "cannot read the changes: " + e.getMessage(), ExitCode.REFUSED));
        }
    }

    private Map<String, @Nullable Object> data(Change change) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("at", documents.time(change.at()));
        data.put("by", change.by());
        data.put("way", change.way());
        data.put("command", change.command());
        data.put("arguments", change.arguments());
        data.put("code", change.code());
        data.put("reason", change.reason().orElse(null));
        return data;
    }

    private List<Cell> row(Change change) {
        String result = change.reason().orElse(change.code() == 0 ? "done" : "exit " + change.code());
        return List.of(
                Cell.of(documents.local(change.at())),
                Cell.of(change.by()),
                Cell.of(change.way()),
                Cell.of((change.command() + " " + String.join(" ", change.arguments())).strip()),
                change.code() == 0 ? Cell.of(result) : Cell.of(result, Style.WARN));
    }
}
