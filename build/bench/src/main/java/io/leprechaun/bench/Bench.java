package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The benchmark of the built tree beside its limits and peers. Started by {@code run}, which checks its arguments. */
final class Bench {
    private static final Map<String, Supplier<Part>> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("steps", Steps::new);
        PARTS.put("latency", Latency::new);
        PARTS.put("hooks", Hooks::new);
        PARTS.put("overload", Overload::new);
        PARTS.put("crowd", Crowd::new);
        PARTS.put("output", Output::new);
        PARTS.put("idle", Idle::new);
        PARTS.put("minute", Minute::new);
        PARTS.put("client", Client::new);
        PARTS.put("start", Start::new);
    }

    private Bench() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        List<String> parts = new ArrayList<>(List.of(words));
        boolean quick = parts.removeIf("--quick"::equals);
        Path tree = Path.of(System.getProperty("leprechaun.tree"));
        var table = new Table(Row.HEADS);
        boolean lost = false;
        try (var lab = Lab.open(tree, Path.of(System.getProperty("leprechaun.bench")), quick)) {
            for (String part : parts.isEmpty() ? PARTS.keySet() : parts) {
                try {
                    PARTS.get(part).get().measure(lab).forEach(table::add);
                } catch (LostException | IOException e) {
                    Lab.say("FAILED: " + part + ": " + e.getMessage());
                    table.add(new Row(
                            part,
                            "FAILED",
                            "",
                            "",
                            "",
                            "",
                            e.getMessage().lines().findFirst().orElse("")));
                    lost = true;
                }
            }
        }
        System.out.println("On " + Runtime.getRuntime().availableProcessors() + " processors, Linux "
                + System.getProperty("os.version") + (quick ? ", the quick size" : "")
                + ". A ratio is the median of the ratios of figures measured one after the other.\n");
        System.out.print(table);
        System.exit(lost ? 1 : 0);
    }
}
