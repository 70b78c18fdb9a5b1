package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;

/** {@code check}: says what is wrong in settings and recipes. */
record CheckCommand(Loaded loaded, Problems found, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        return Check.run(arguments, Trust.lenient(), loaded, found, printer);
    }
}
