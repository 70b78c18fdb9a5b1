package io.leprechaun.daemon.units;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of data as users write them: {@code 64k}, {@code 16m}, {@code 1g}; a k is 1024 bytes. */
public final class Sizes {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([kKmMgGtT])[bB]?");
    private static final String UNITS = "kmgt";

    private Sizes() {}

    /**
     * Parses an amount of data, in bytes.
     *
     * @throws IllegalArgumentException when the text is not a size; its message shows the form of one
     */
    public static long parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException("invalid size '" + text + "': use a size such as 64k, 16m or 1g");
        }
        int unit = UNITS.indexOf(size.group(2).toLowerCase(Locale.ROOT)) + 1;
        return Long.parseLong(size.group(1)) << 10 * unit;
    }

    /** Returns the text of an amount for a table, as a user would write it: {@code 0}, {@code 512}, {@code 1.5m}. */
    public static String brief(long bytes) {
        if (bytes < 1024) {
            return Long.toString(bytes);
        }
        Amount amount = Amount.of(bytes);
        return String.format(Locale.ROOT, amount.count() < 10 ? "%.1f" : "%.0f", amount.count())
                + UNITS.charAt(amount.unit());
    }

    /** Returns the text of an amount: {@code 512 bytes}, {@code 1.5 MiB}. */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + (bytes == 1 ? " byte" : " bytes");
        }
        Amount amount = Amount.of(bytes);
        boolean round = amount.count() >= 10 && amount.count() == Math.rint(amount.count());
        return String.format(Locale.ROOT, round ? "%.0f " : "%.1f ", amount.count())
                + Character.toUpperCase(UNITS.charAt(amount.unit())) + "iB";
    }

    /** An amount of at least 1 KiB in its largest unit, given by its place in {@link #UNITS}. */
    private record Amount(double count, int unit) {
        static Amount of(long bytes) {
            int unit = 0;
            double count = bytes / 1024.0;
            while (count >= 1024 && unit < UNITS.length() - 1) {
                count /= 1024;
                unit++;
            }
            return new Amount(count, unit);
        }
    }
}
