package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Facts;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.Archive.KeptRuns;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.units.Sizes;
import io.leprechaun.daemon.view.RunDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The command {@code usage}: reports the space that the history occupies. */
record UsageCommand(Archive archive, OutputFolder outputs, RunDocument documents) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        var kept = archive.kept().stream()
                .sorted(Comparator.comparingLong(KeptRuns::bytes)
                        .reversed()
                        .thenComparing(one -> one.recipe().value()))
                .toList();
        var size = archive.size();
        long free = free();
        long output = kept.stream().mapToLong(KeptRuns::bytes).sum();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("recipes", kept.stream().map(this::data).toList());
        data.put("output", output);
        data.put("store", size.file() + size.log());
        data.put("store_free", size.free());
        data.put("disk_free", free);
        var facts = Facts.none()
                .and("output", Sizes.format(output))
                .and(
                        "store",
                        Sizes.format(size.file() + size.log()) + ", of which " + Sizes.format(size.free())
                                + " are free")
                .and("disk", Sizes.format(free) + " free");
        Table table = table(kept);
        return Reply.of(
                Map.of("usage", data),
                screen -> table.render(screen) + "\n" + facts.render(screen),
                kept.stream().map(one -> one.recipe().value()).toList());
    }

    private Map<String, ?> data(KeptRuns kept) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", kept.recipe().value());
        data.put("runs", kept.runs());
        data.put("bytes", kept.bytes());
        data.put("oldest", documents.time(archive.oldest(kept.recipe())));
        return data;
    }

    private Table table(List<KeptRuns> kept) {
        var rows = new ArrayList<List<Cell>>();
        for (KeptRuns one : kept) {
            rows.add(List.of(
                    Cell.of(one.recipe().value()),
                    Cell.of(one.runs()),
                    Cell.of(Sizes.brief(one.bytes())),
                    archive.oldest(one.recipe())
                            .map(documents::local)
                            .map(Cell::of)
                            .orElse(Cell.NONE)));
        }
        return new Table(
                List.of(
                        Column.shrinking("recipe"),
                        Column.right("runs"),
                        Column.right("output"),
                        Column.left("oldest")),
                rows,
                "no runs yet");
    }

    /** Returns the free space of the disk with the state folder: the folder of output is made with the first run. */
    private long free() {
        return outputs.root().resolveSibling("").toFile().getUsableSpace();
    }
}
