package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.yaml.MappingReader;

/**
 * How much is kept of what runs leave.
 *
 * @param output of what a run prints, in bytes
 * @param keep of a recipe's runs
 */
public record HistorySettings(long output, RetentionLimits keep) {
    /** Unless something else is asked for: 16 MiB a run. */
    public static final HistorySettings DEFAULTS = new HistorySettings(16 << 20, RetentionLimits.DEFAULTS);

    private static final long SMALLEST = 64 << 10;

    /** These, with what the section {@code history} of a recipe says instead. */
    public HistorySettings with(MappingReader fields) {
        return fields.section("history").map(this::read).orElse(this);
    }

    /** What a section says, of whose keys the caller may have read others. */
    HistorySettings read(MappingReader history) {
        var settings = new HistorySettings(
                history.size("output", SMALLEST, Long.MAX_VALUE).orElse(output),
                history.section("keep").map(keep::with).orElse(keep));
        history.done();
        return settings;
    }
}
