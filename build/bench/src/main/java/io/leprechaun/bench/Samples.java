package io.leprechaun.bench;

import java.util.Arrays;
import java.util.List;

/** Measured values, in ascending order. */
record Samples(double[] values) {
    static Samples one(double value) {
        return new Samples(new double[] {value});
    }

    static Samples of(List<Double> values) {
        LostException.unless(!values.isEmpty(), "nothing was measured");
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Samples(sorted);
    }

    /** Returns the ratios of pairs in the order of measurement, so that figures measured side by side are compared. */
    static Samples ratios(List<Double> values, List<Double> others) {
        double[] ratios = new double[values.size()];
        Arrays.setAll(ratios, i -> values.get(i) / others.get(i));
        Arrays.sort(ratios);
        return new Samples(ratios);
    }

    double percentile(double percent) {
        return values[(int) Math.min(values.length - 1, Math.floor(values.length * percent / 100))];
    }

    double median() {
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    double least() {
        return values[0];
    }

    double most() {
        return values[values.length - 1];
    }
}
