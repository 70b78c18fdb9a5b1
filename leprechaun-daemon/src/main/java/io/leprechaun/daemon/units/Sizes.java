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
        return format(bytes).toLowerCase(Locale.ROOT).replace("ib", "").replace(" ", "");
    }

    /** Returns the text of an amount: {@code 512 bytes}, {@code 1.5 MiB}. */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + (bytes == 1 ? " byte" : " bytes");
        }
        int unit = 0;
        double amount = bytes / 1024.0;
        while (amount >= 1024 && unit < UNITS.length() - 1) {
            amount /= 1024;
            unit++;
        }
        String number = String.format(Locale.ROOT, amount < 10 ? "%.1f" : "%.0f", amount);
        return number + " " + Character.toUpperCase(UNITS.charAt(unit)) + "iB";
    }
}
