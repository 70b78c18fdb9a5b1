package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.startup.Reasons;
import io.leprechaun.daemon.store.Backup;
import io.leprechaun.daemon.units.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The command {@code backup}: copies the history to a file, while the daemon works. */
record BackupCommand(DaemonState state, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        var file = Path.of(arguments.operand(0, "FILE")).toAbsolutePath();
        try {
            Path store = state.store();
            long size = Backup.make(store, file);
            var document = Map.of("backup", Map.of("store", store.toString(), "file", file.toString(), "bytes", size));
            var line = Text.line(file + ": " + Sizes.format(size));
            return printer.print(Reply.of(document, line, List.of(file.toString())));
        } catch (IOException e) {
            throw new StoreException("cannot write " + file + " (" + Reasons.of(e) + "): use another path", e);
        }
    }
}
