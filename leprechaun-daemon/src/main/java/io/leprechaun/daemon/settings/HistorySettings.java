package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.yaml.MappingReader;

/**
 * The limits on the output and the runs that are kept.
 *
 * @param output the most that is kept of the output of a run, in bytes
 * @param keep the limits on a recipe's runs
 */
public record HistorySettings(long output, RetentionLimits keep) {
    /** The default settings. */
    public static final HistorySettings DEFAULTS =
            new HistorySettings(HistoryKeys.OUTPUT.usual(), RetentionLimits.DEFAULTS);

    /** Returns these settings with the values of the section {@code history} of a recipe instead. */
    public HistorySettings with(MappingReader fields) {
        return HistoryKeys.OF_RECIPE.read(fields).map(this::read).orElse(this);
    }

    /** Returns these settings with the values of a section instead. The caller may have read other keys of it. */
    HistorySettings read(MappingReader history) {
        var settings = new HistorySettings(
                HistoryKeys.OUTPUT.or(history, output),
                HistoryKeys.KEEP.read(history).map(keep::with).orElse(keep));
        history.done();
        return settings;
    }
}
