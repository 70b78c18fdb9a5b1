package io.leprechaun.daemon.metrics;

import io.leprechaun.daemon.count.Histogram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The writer of Prometheus' text format 0.0.4. For one thread. */
final class Exposition {
    private static final int FLUSHED = 32 * 1024;
    private static final double EXACT = 1e15;

    private final OutputStream out;
    private final StringBuilder text = new StringBuilder(FLUSHED + 4096);
    private String name = "";

    Exposition(OutputStream out) {
        this.out = out;
    }

    /** The type of a metric. */
    enum Type {
        /** A number that only grows, until the daemon ends. */
        COUNTER,
        /** A number that changes. */
        GAUGE,
        /** Durations in buckets. */
        HISTOGRAM,
        /** A sum and a count. */
        SUMMARY;

        private String word() {
            return switch (this) {
                case COUNTER -> "counter";
                case GAUGE -> "gauge";
                case HISTOGRAM -> "histogram";
                case SUMMARY -> "summary";
            };
        }
    }

    /** Begins a metric; its samples follow. */
    Exposition metric(String metric, Type type, String help) throws IOException {
        if (text.length() > FLUSHED) {
            flush();
        }
        name = metric;
        text.append("# HELP ").append(metric).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(metric).append(' ').append(type.word()).append('\n');
        return this;
    }

    /** Returns labels as the format has them, from names and values in turn. */
    static String labels(String... pairs) {
        if (pairs.length == 0) {
            return "";
        }
        var labels = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            labels.append(i == 0 ? "" : ",").append(pairs[i]).append("=\"");
            escape(pairs[i + 1], labels);
            labels.append('"');
        }
        return labels.append('}').toString();
    }

    private static void escape(String value, StringBuilder to) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '"' -> to.append("\\\"");
                case '\n' -> to.append("\\n");
                default -> to.append(c);
            }
        }
    }

    /** Writes a sample; none for a value that is not a number. */
    Exposition sample(double value, String labels) throws IOException {
        return sample("", value, labels);
    }

    /** Writes a sample without labels; none for a value that is not a number. */
    Exposition sample(double value) throws IOException {
        return sample(value, "");
    }

    /** Writes a sample whose name has a suffix. */
    Exposition sample(String suffix, double value, String labels) throws IOException {
        if (Double.isNaN(value)) {
            return this;
        }
        text.append(name).append(suffix).append(labels).append(' ');
        number(value, text);
        text.append('\n');
        if (text.length() > FLUSHED) {
            flush();
        }
        return this;
    }

    /**
     * Writes a histogram.
     *
     * @param pairs names and values of labels in turn
     */
    Exposition histogram(Histogram histogram, String... pairs) throws IOException {
        String labels = labels(pairs);
        String open = labels.isEmpty() ? "{" : labels.substring(0, labels.length() - 1) + ",";
        var count = new long[1];
        double sum = histogram.read((bound, below) -> {
            count[0] = below;
            text.append(name).append("_bucket").append(open).append("le=\"");
            number(bound, text);
            text.append("\"} ").append(below).append('\n');
        });
        return sample("_sum", sum, labels).sample("_count", count[0], labels);
    }

    private static void number(double value, StringBuilder to) {
        if (value == Double.POSITIVE_INFINITY) {
            to.append("+Inf");
        } else if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            to.append((long) value);
        } else {
            to.append(value);
        }
    }

    /** Returns an instant in seconds, to the millisecond. */
    static double seconds(Instant at) {
        return at.toEpochMilli() / 1e3;
    }

    /** Writes what is not written yet. */
    void flush() throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
    }
}
