package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;

/** The command {@code check}: reports problems in settings and recipes. */
record CheckCommand(Loaded loaded, Problems found, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        return Check.run(arguments, Trust.lenient(), loaded, found, printer);
    }
}
