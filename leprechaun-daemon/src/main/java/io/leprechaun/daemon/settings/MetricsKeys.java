package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.yaml.MappingReader;
import java.nio.file.Path;

/** The keys of {@code metrics}, and the conversion of their values into {@link MetricsSettings}. */
final class MetricsKeys {
    private static final int MOST = 100_000;

    private static final KeyTable<MetricsSettings> TABLE = new KeyTable<>();
    private static final Key<Integer> RECIPES = TABLE.add(Key.of("recipes", Types.integer(0, MOST))
            .says("The number of recipes with series of their own, the first by name.")
            .usually(MetricsSettings.DEFAULTS.recipes()));
    private static final Key<Path> TEXTFILE = TABLE.add(Key.of("textfile", Types.path())
            .says("A file that gets the metrics every 15 seconds, for the textfile collector of node_exporter; its name"
                    + " ends with `.prom`.")
            .unless("none")
            .example("/var/lib/prometheus/node-exporter/leprechaun.prom"));

    /** The key of the settings. */
    static final Key<MappingReader> OF_SETTINGS = Key.of("metrics", Types.section(() -> TABLE))
            .says("The [metrics](metrics.md) for Prometheus, which `/metrics` always answers.");

    private MetricsKeys() {}

    /** Reads the keys. Errors are noted. */
    static MetricsSettings read(MappingReader fields) {
        var usual = MetricsSettings.DEFAULTS;
        var read = new MetricsSettings(RECIPES.or(fields, usual.recipes()), TEXTFILE.read(fields));
        fields.done();
        return read;
    }
}
