package io.leprechaun.daemon.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of the metrics.
 *
 * @param recipes the largest number of recipes with series of their own
 * @param textfile the file that the metrics are written to; empty: to none
 */
public record MetricsSettings(int recipes, Optional<Path> textfile) {
    /** The default settings. */
    public static final MetricsSettings DEFAULTS = new MetricsSettings(1000, Optional.empty());
}
