package io.leprechaun.daemon.metrics;

import static io.leprechaun.daemon.metrics.Exposition.Type.COUNTER;
import static io.leprechaun.daemon.metrics.Exposition.Type.GAUGE;
import static io.leprechaun.daemon.metrics.Exposition.Type.SUMMARY;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The metrics of the process and its JVM, under the names that other exporters use. */
final class ProcessMetrics {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessMetrics() {}

    /** @param memory the resident memory of the process, in bytes */
    static void write(Exposition out, long memory) throws IOException {
        var info = ProcessHandle.current().info();
        out.metric("process_cpu_seconds_total", COUNTER, "Processor time of the daemon.")
                .sample(info.totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9);
        out.metric("process_start_time_seconds", GAUGE, "Start of the process.")
                .sample(info.startInstant().map(Exposition::seconds).orElse(Double.NaN));
        out.metric("process_resident_memory_bytes", GAUGE, "Resident memory of the daemon.")
                .sample(memory);
        out.metric("process_open_fds", GAUGE, "Open files of the daemon.").sample(openFiles());
        out.metric("process_max_fds", GAUGE, "Limit of open files of the daemon.")
                .sample(mostFiles());
        jvm(out);
    }

    private static double openFiles() {
        try (var files = Files.list(SELF.resolve("fd"))) {
            return files.count();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double mostFiles() {
        try {
            return Files.readAllLines(SELF.resolve("limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> List.of(
                            line.substring("Max open files".length()).strip().split("\\s+")))
                    .mapToDouble(limits -> limits.getFirst().equals("unlimited")
                            ? Double.POSITIVE_INFINITY
                            : Double.parseDouble(limits.getFirst()))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static void jvm(Exposition out) throws IOException {
        var memory = ManagementFactory.getMemoryMXBean();
        String heap = Exposition.labels("area", "heap");
        out.metric("jvm_memory_used_bytes", GAUGE, "Used memory of the JVM.")
                .sample(memory.getHeapMemoryUsage().getUsed(), heap)
                .sample(memory.getNonHeapMemoryUsage().getUsed(), Exposition.labels("area", "nonheap"));
        out.metric("jvm_memory_max_bytes", GAUGE, "Limit of the memory of the JVM.")
                .sample(memory.getHeapMemoryUsage().getMax(), heap);
        out.metric("jvm_threads_current", GAUGE, "Platform threads of the JVM.")
                .sample(ManagementFactory.getThreadMXBean().getThreadCount());
        out.metric("jvm_gc_collection_seconds", SUMMARY, "Time of garbage collections.");
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            String labels = Exposition.labels("gc", collector.getName());
            out.sample("_sum", collector.getCollectionTime() / 1e3, labels)
                    .sample("_count", collector.getCollectionCount(), labels);
        }
    }
}
