package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.yaml.MappingReader;

/**
 * How much is kept of what runs leave.
 *
 * @param output of what a run prints, in bytes
 * @param keep of a recipe's runs
 */
public record HistorySettings(long output, RetentionLimits keep) {
    /** Unless something else is asked for. */
    public static final HistorySettings DEFAULTS =
            new HistorySettings(HistoryKeys.OUTPUT.usual(), RetentionLimits.DEFAULTS);

    /** These, with what the section {@code history} of a recipe says instead. */
    public HistorySettings with(MappingReader fields) {
        return HistoryKeys.OF_RECIPE.read(fields).map(this::read).orElse(this);
    }

    /** What a section says, of whose keys the caller may have read others. */
    HistorySettings read(MappingReader history) {
        var settings = new HistorySettings(
                HistoryKeys.OUTPUT.or(history, output),
                HistoryKeys.KEEP.read(history).map(keep::with).orElse(keep));
        history.done();
        return settings;
    }
}
