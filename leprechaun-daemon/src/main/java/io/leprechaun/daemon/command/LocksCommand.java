package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.view.Lazy;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The command {@code locks}: lists the locks, with the runs that hold them and wait for them. */
record LocksCommand(RecipeLookup recipes, Dispatcher dispatcher, RunDocument documents) implements Handler.Answer {
    private static final int LEAST_NAME = 12;

    @Override
    public Reply to(Arguments arguments, Call call) {
        var uses = new TreeMap<String, List<Dispatcher.LockUse>>();
        for (Recipe recipe : recipes.book().recipes()) {
            recipe.policy().locks().forEach(lock -> uses.put(lock.name(), new ArrayList<>()));
        }
        for (Dispatcher.LockUse use : dispatcher.locks()) {
            uses.computeIfAbsent(use.lock().name(), unused -> new ArrayList<>()).add(use);
        }
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<Iterable<List<Cell>>>();
        uses.forEach((name, all) -> {
            data.add(Map.of("name", name, "holders", data(all, true), "waiters", data(all, false)));
            rows.add(all.isEmpty() ? List.of(free(name)) : Lazy.map(all, this::row));
        });
        return Reply.of(
                Map.of("locks", data),
                new Table(
                        List.of(
                                Column.left("lock").shrinking(1, LEAST_NAME),
                                Column.left("state"),
                                Column.left("mode").optional(2),
                                Column.right("run"),
                                Column.left("recipe").shrinking(1, LEAST_NAME),
                                Column.left("since")),
                        Lazy.flat(rows),
                        "no recipe has a `lock`"),
                List.copyOf(uses.keySet()));
    }

    private static List<Cell> free(String name) {
        return List.of(Cell.of(name), Cell.of("free", Style.GOOD), Cell.NONE, Cell.NONE, Cell.NONE, Cell.NONE);
    }

    /** Returns the uses lazily, as many runs may wait for a lock. */
    private Iterable<Map<String, ?>> data(List<Dispatcher.LockUse> all, boolean holds) {
        return Lazy.map(all.stream().filter(use -> use.holds() == holds).toList(), this::data);
    }

    private Map<String, ?> data(Dispatcher.LockUse use) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run", use.run().id());
        data.put("recipe", use.run().order().recipe().value());
        data.put("mode", use.lock().mode().word());
        data.put(
                "since",
                documents.time(
                        use.run().times().startedAt().orElse(use.run().times().queuedAt())));
        return data;
    }

    private List<Cell> row(Dispatcher.LockUse use) {
        return List.of(
                Cell.of(use.lock().name()),
                use.holds() ? Cell.of("held") : Cell.of("waiting", Style.WARN),
                Cell.of(use.lock().mode().word()),
                Cell.of(use.run().id()),
                Cell.of(use.run().order().recipe().value()),
                Cell.of(documents.when(use.run(), !use.holds())));
    }
}
