package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The output of runs is kept under a cap, true to its offsets, and never in the heap. */
@Tag("proof")
@Timeout(180)
class OutputIT extends OutputFixture {
    OutputIT() {
        super(new Installation());
    }

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

    @Test
    void a_line_of_50_mb_and_bytes_that_are_no_text_arrive_as_they_are() throws Exception {
        var daemon = place.recipe(
                        "line", "history: { output: 64m }\nsteps: [ \"head -c 50000000 /dev/zero | tr '\\\\0' x\" ]\n")
                .recipe("bytes", "steps: [ \"printf '\\\\000\\\\377\\\\303(\\\\r\\\\n\\\\033[31m'\" ]\n")
                .start();
        long before = Proc.number(daemon.pid(), "VmHWM");
        assertThat(text(daemon.runToEnd("line"), "state")).isEqualTo("succeeded");
        var line = place.client("logs", "line");
        assertThat(line.out().length()).isEqualTo(50_000_000);
        assertThat(line.out().chars().allMatch(c -> c == 'x')).isTrue();
        assertThat(Proc.number(daemon.pid(), "VmHWM") - before)
                .as("growth in kB")
                .isLessThan(32 * 1024);

        long id = daemon.runToEnd("bytes").get("id").asLong();
        assertThat(log(id, 1))
                .hasBinaryContent(new byte[] {0, -1, (byte) 0xc3, '(', '\r', '\n', 27, '[', '3', '1', 'm'});
    }

    @Test
    void a_step_that_never_stops_printing_fills_no_disk_and_no_memory_and_delays_nobody() throws Exception {
        int seconds = Integer.getInteger("leprechaun.loud", 5);
        var daemon = place.recipe("yes", "history: { output: 16m }\ntimeout: " + seconds + "s\nsteps: [ 'yes' ]\n")
                .recipe("small", "steps: [ 'true' ]\n")
                .start();
        daemon.runToEnd("small");
        long before = Proc.number(daemon.pid(), "VmHWM");
        long id = daemon.begin("yes");
        long most = 0;
        int small = 0;
        while (daemon.run(id).get("ended_at").isNull()) {
            most = Math.max(most, occupied(log(id, 1)));
            assertThat(text(daemon.runToEnd("small"), "state")).isEqualTo("succeeded");
            small++;
        }
        JsonNode run = daemon.over(id);
        JsonNode step = run.get("steps").get(0);
        System.err.printf(
                "yes for %d s: printed %d MiB, at most %d MiB on disk at once, daemon grew by %d kB, %d small runs"
                        + " beside it%n",
                seconds,
                step.get("printed").asLong() / MIB,
                most / MIB,
                Proc.number(daemon.pid(), "VmHWM") - before,
                small);
        assertThat(text(run, "state")).isEqualTo("timed_out");
        assertThat(text(run, "reason")).contains("step 1 printed ", " in the middle");
        assertThat(step.get("printed").asLong()).isGreaterThan(64 * MIB);
        assertThat(most).as("overshoot").isLessThan(10 * 16 * MIB);
        assertThat(occupied(log(id, 1))).isLessThanOrEqualTo(16 * MIB);
        assertThat(Proc.number(daemon.pid(), "VmHWM") - before)
                .as("growth in kB")
                .isLessThan(32 * 1024);
        assertThat(small).isPositive();
    }
}
