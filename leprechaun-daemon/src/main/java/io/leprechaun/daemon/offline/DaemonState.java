package io.leprechaun.daemon.offline;

import io.leprechaun.daemon.startup.StateFolder;
import java.nio.file.Path;

/** The state folder of a daemon, whether or not it runs. */
record DaemonState(Path folder) {
    Path store() {
        return StateFolder.store(folder);
    }

    Path output() {
        return StateFolder.output(folder);
    }
}
