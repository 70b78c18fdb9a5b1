package io.leprechaun.bench;

import java.util.List;
import java.util.Locale;

/** A row of the table. */
record Row(String what, String figure, String spread, String ratio, String goal, String verdict, String note) {
    static final String[] HEADS = {"what", "median", "spread", "ratio", "goal", "", "notes"};

    static Row of(String what, Samples samples, String format, String note) {
        return new Row(what, number(format, samples.median()), spread(format, samples), "", "", "", note);
    }

    /** Returns the row of a figure that could not be measured. */
    static Row absent(String what, String why) {
        return new Row(what, "NOT MEASURED", "", "", "", "", why);
    }

    Row against(Samples ratios, String what) {
        return new Row(this.what, figure, spread, number("%.2f", ratios.median()) + " of " + what, goal, verdict, note);
    }

    Row aiming(Goal goal, double figure) {
        return new Row(what, this.figure, spread, ratio, goal.toString(), goal.verdict(figure), note);
    }

    List<String> cells() {
        return List.of(what, figure, spread, ratio, goal, verdict, note);
    }

    private static String spread(String format, Samples samples) {
        return samples.values().length == 1
                ? ""
                : number(format, samples.least()) + " to " + number(format, samples.most());
    }

    static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
