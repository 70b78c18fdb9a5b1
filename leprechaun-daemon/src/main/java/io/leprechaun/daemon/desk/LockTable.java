package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Style;
import io.leprechaun.api.Table;
import io.leprechaun.api.Table.Cell;
import io.leprechaun.api.Table.Column;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.worker.LockUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who holds which lock, and who waits for it: {@code locks}. */
record LockTable(Desk desk) {
    Reply answer(Call call) {
        Arguments.parse(call.arguments(), 0);
        var uses = desk.dispatcher().locks();
        var names = new TreeSet<String>();
        uses.forEach(use -> names.add(use.lock().name()));
        for (Recipe recipe : desk.recipes().get().recipes()) {
            recipe.policy().locks().stream().map(Lock::name).forEach(names::add);
        }
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<List<Cell>>();
        for (String name : names) {
            var all =
                    uses.stream().filter(use -> use.lock().name().equals(name)).toList();
            data.add(Map.of(
                    "name",
                    name,
                    "holders",
                    all.stream().filter(LockUse::holds).map(this::data).toList(),
                    "waiters",
                    all.stream().filter(use -> !use.holds()).map(this::data).toList()));
            all.forEach(use -> rows.add(row(use)));
            if (all.isEmpty()) {
                rows.add(List.of(
                        Cell.of(name), Cell.of("free", Style.GOOD), Cell.NONE, Cell.NONE, Cell.NONE, Cell.NONE));
            }
        }
        return Reply.of(
                Map.of("locks", data),
                new Table(
                        List.of(
                                Column.left("lock"),
                                Column.left("state"),
                                Column.left("mode"),
                                Column.right("run"),
                                Column.shrinking("recipe"),
                                Column.left("since")),
                        rows,
                        "no recipe has a `lock`"),
                List.copyOf(names));
    }

    private Map<String, ?> data(LockUse use) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run", use.run().id());
        data.put("recipe", use.run().order().recipe().value());
        data.put("mode", use.lock().mode().word());
        data.put(
                "since",
                desk.documents()
                        .time(use.run()
                                .times()
                                .startedAt()
                                .orElse(use.run().times().queuedAt())));
        return data;
    }

    private List<Cell> row(LockUse use) {
        return List.of(
                Cell.of(use.lock().name()),
                use.holds() ? Cell.of("held") : Cell.of("waited for", Style.WARN),
                Cell.of(use.lock().mode().word()),
                Cell.of(use.run().id()),
                Cell.of(use.run().order().recipe().value()),
                Cell.of(desk.documents().when(use.run(), !use.holds())));
    }
}
