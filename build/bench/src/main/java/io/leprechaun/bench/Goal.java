package io.leprechaun.bench;

import java.util.Locale;

/** The least or the greatest value that a figure should have. */
record Goal(boolean atLeast, double limit, String unit) {
    static Goal atLeast(double limit) {
        return new Goal(true, limit, "");
    }

    static Goal atMost(double limit, String unit) {
        return new Goal(false, limit, unit);
    }

    String verdict(double figure) {
        return (atLeast ? figure >= limit : figure <= limit) ? "met" : "MISSED";
    }

    @Override
    public String toString() {
        return (atLeast ? "≥ " : "≤ ") + String.format(Locale.ROOT, limit < 10 ? "%.2f" : "%.0f", limit) + unit;
    }
}
