package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What runs print is kept under a cap, true to its offsets, and never in the heap. */
@Timeout(180)
class OutputIT {
    private static final long MIB = 1 << 20;

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void what_each_step_used_is_told() throws Exception {
        var daemon = place.recipe(
                        "busy",
                        "steps:\n"
                                + "  - i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done\n"
                                + "  - dd if=/dev/zero of=big bs=1M count=8 conv=fsync 2> /dev/null\n"
                                + "  - dd if=/dev/zero of=/dev/null bs=500M count=1 2> /dev/null\n")
                .start();
        JsonNode run = daemon.runToEnd("busy");
        assertThat(run.get("state").asString()).as(run.toString()).isEqualTo("succeeded");
        assertThat(run.get("steps").get(0).get("cpu").asDouble()).isBetween(0.01, 60.0);
        assertThat(run.get("steps").get(0).get("peak_memory").isNull())
                .as("smaller than the daemon")
                .isTrue();
        assertThat(run.get("steps").get(1).get("written").asLong()).isGreaterThanOrEqualTo(8 * MIB);
        assertThat(run.get("steps").get(2).get("peak_memory").asLong())
                .as(run.toString())
                .isGreaterThan(400 * MIB); // newer kernels count a process's pages by the batch
        assertThat(place.client("show", run.get("id").asString()).out())
                .contains("STEP  STATE", "CPU", "MEMORY", "WRITTEN", "50");
        assertThat(place.client("runs", "-l").out()).contains("CPU", "MEMORY", "PRINTED");
    }
}
