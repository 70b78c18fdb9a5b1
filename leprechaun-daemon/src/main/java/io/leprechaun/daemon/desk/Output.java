package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.run.OutputFolder;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * What the steps of a run printed, step after step, read from the files they write into.
 *
 * @param step only this one
 * @param from the offset of the first byte in the first step's file
 * @param now the run as it is when asked
 */
record Output(OutputFolder outputs, Run run, int attempt, Optional<Integer> step, long from, Supplier<Run> now) {
    private static final long POLL_NANOS = 50_000_000;
    private static final int BUFFER = 64 * 1024;

    /**
     * Writes it.
     *
     * @param follow whether to wait for what is still to come, until the run is over
     * @throws IOException when the reader has gone
     */
    void writeTo(OutputStream out, boolean follow) throws IOException {
        WritableByteChannel target = Channels.newChannel(out);
        long offset = from;
        int first = step.orElse(1);
        for (int number = first; number == first || step.isEmpty() && number <= steps(); number++) {
            write(number, offset, target, out, follow);
            offset = 0;
        }
    }

    private int steps() {
        return now.get().steps().size();
    }

    private void write(int number, long from, WritableByteChannel target, OutputStream out, boolean follow)
            throws IOException {
        Path file = outputs.file(run.id(), attempt, number);
        var buffer = ByteBuffer.allocate(BUFFER);
        long offset = from;
        while (true) {
            boolean more = follow && mayGrow(number); // asked before reading: what is written until then is read
            if (Files.exists(file)) {
                offset = copy(file, offset, buffer, target);
            }
            if (!more) {
                return;
            }
            out.flush();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static long copy(Path file, long from, ByteBuffer buffer, WritableByteChannel target) throws IOException {
        long offset = from;
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear(), offset) > 0) {
                buffer.flip();
                offset += buffer.remaining();
                target.write(buffer);
            }
        }
        return offset;
    }

    private boolean mayGrow(int number) {
        Run latest = now.get();
        if (latest.state().isFinal()) {
            return false;
        }
        return latest.steps().isEmpty()
                || latest.steps().stream()
                        .filter(result -> result.number() == number)
                        .map(StepResult::state)
                        .anyMatch(state -> state == StepState.PENDING || state == StepState.RUNNING);
    }
}
