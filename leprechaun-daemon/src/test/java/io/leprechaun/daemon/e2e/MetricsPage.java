package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A reader of Prometheus' text format, for what tests ask of it. */
final class MetricsPage {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+(?:\\{.*})?) (\\S+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

    private MetricsPage() {}

    /** Returns the value of each sample, by its name with its labels. Each may come once. */
    static Map<String, Double> parse(String page) {
        assertThat(page).endsWith("\n");
        var samples = new LinkedHashMap<String, Double>();
        page.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            var sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            String value = sample.group(2).replace("+Inf", "Infinity");
            assertThat(samples.put(sample.group(1), Double.valueOf(value)))
                    .as("a second sample: " + line)
                    .isNull();
        });
        return samples;
    }

    /** Returns the type of each metric by name. */
    static Map<String, String> types(String page) {
        return page.lines()
                .map(TYPE::matcher)
                .filter(type -> type.matches())
                .collect(Collectors.toMap(type -> type.group(1), type -> type.group(2)));
    }

    /** Returns the names of the metrics that have samples, as they are declared. */
    static Set<String> sampled(String page) {
        var declared = types(page).keySet();
        return parse(page).keySet().stream()
                .map(key -> key.replaceFirst("\\{.*", ""))
                .map(name -> declared.contains(name) ? name : name.replaceFirst("_(bucket|sum|count)$", ""))
                .collect(Collectors.toSet());
    }
}
