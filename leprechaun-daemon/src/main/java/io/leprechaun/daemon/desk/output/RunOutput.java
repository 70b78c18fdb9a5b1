package io.leprechaun.daemon.desk.output;

import io.leprechaun.api.text.TerminalOutput;
import io.leprechaun.daemon.output.Followers;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.MaskedBytes;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputText;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.units.Sizes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The output of a run's steps, step after step, read from the files that keep it. Secrets are hidden; a line marks an
 * omitted middle.
 *
 * @param attempt the only attempt; empty: the last one, and later ones while the output is followed
 * @param step the only step; empty: all
 * @param from the offset of the first byte in the first step's file
 * @param timed whether each line begins with the time at which it was printed
 * @param now a supplier of the run in its present state
 */
public record RunOutput(
        Sources sources,
        Run run,
        Optional<Integer> attempt,
        Optional<Integer> step,
        long from,
        boolean timed,
        Supplier<Run> now) {
    private static final int BUFFER = 64 * 1024;

    /**
     * The files of output, the reports of changes, and the masks for secrets.
     *
     * @param zone the zone of the times before lines
     */
    public record Sources(
            OutputFolder outputs, Followers followers, RunMasks masks, InstantSource clock, ZoneId zone) {}

    /**
     * Writes the output.
     *
     * @param follow whether to wait for further output, until the run is over
     * @throws IOException when the reader has gone
     */
    public void writeTo(OutputStream out, boolean follow) throws IOException {
        writeTo(out, follow, Optional.empty());
    }

    /**
     * Writes the output in frames, with words about the steps in between, until the run is over.
     *
     * @param usual the usual duration of such a run
     * @throws IOException when the reader has gone
     */
    public void tell(OutputStream out, Optional<Duration> usual) throws IOException {
        var framed = new FrameWriter(out);
        var commentary = new StepProgress(framed, usual);
        commentary.opening(run);
        writeTo(framed, true, Optional.of(commentary));
    }

    private void writeTo(OutputStream out, boolean follow, Optional<StepProgress> words) throws IOException {
        int number = attempt.orElse(run.attempt());
        Followers.Follow follows = sources.followers().follow(run.id());
        try {
            writeAttempt(number, from, out, follow ? Optional.of(follows) : Optional.empty(), words);
            while (follow && attempt.isEmpty() && awaitAttempt(number + 1, out, follows)) {
                number++;
                if (words.isPresent()) {
                    words.get().attempt(number);
                }
                writeAttempt(number, 0, out, Optional.of(follows), words);
            }
        } finally {
            follows.close();
        }
    }

    /** Waits for an attempt to begin. Returns false when there will be none. */
    private boolean awaitAttempt(int number, OutputStream out, Followers.Follow follows) throws IOException {
        for (Run latest = now.get(); ; latest = now.get()) {
            if (latest.attempt() >= number || latest.state().isFinal()) {
                return latest.attempt() >= number;
            }
            out.flush();
            follows.await();
        }
    }

    private void writeAttempt(
            int number, long from, OutputStream out, Optional<Followers.Follow> follow, Optional<StepProgress> words)
            throws IOException {
        long offset = from;
        int first = step.orElse(1);
        for (int i = first; i == first || step.isEmpty() && i <= steps(); i++) {
            write(number, i, offset, out, follow, words);
            offset = 0;
        }
    }

    private int steps() {
        return now.get().steps().size();
    }

    private void write(
            int attempt,
            int number,
            long from,
            OutputStream out,
            Optional<Followers.Follow> follow,
            Optional<StepProgress> words)
            throws IOException {
        Path file = sources.outputs().file(run.id(), attempt, number);
        try (var copy = new FileCopy(file, from, times(file, attempt, number), out)) {
            while (true) {
                Run latest = now.get();
                boolean grows =
                        mayGrow(latest, attempt, number); // checked before reading: output written until then is read
                if (words.isPresent() && latest.attempt() == attempt) {
                    words.get().begin(latest, number, sources.clock().instant());
                }
                copy.write(sources.masks().of(latest), !grows);
                if (words.isPresent() && latest.attempt() == attempt && !grows) {
                    words.get().end(latest, number);
                }
                if (!grows || follow.isEmpty()) {
                    return;
                }
                out.flush();
                follow.get().await();
            }
        }
    }

    /** Returns the times before the lines of a step, where they are wanted. */
    private Optional<LineTimes> times(Path file, int attempt, int number) {
        if (!timed) {
            return Optional.empty();
        }
        Run latest = now.get();
        Optional<Instant> started = latest.steps().stream()
                .filter(step -> latest.attempt() == attempt && step.number() == number)
                .findFirst()
                .flatMap(StepResult::startedAt);
        return Optional.of(new LineTimes(file, started, sources.zone()));
    }

    private static boolean mayGrow(Run latest, int attempt, int number) {
        if (latest.state().isFinal() || latest.attempt() != attempt) {
            return false;
        }
        return latest.steps().isEmpty()
                || latest.steps().stream()
                        .filter(result -> result.number() == number)
                        .map(StepResult::state)
                        .anyMatch(state -> state == StepState.PENDING || state == StepState.RUNNING);
    }

    /** The copy of one file from an offset on, made in several passes as the file grows. */
    private static final class FileCopy implements AutoCloseable {
        private final Path file;
        private final long from;
        private final Optional<LineTimes> times;
        private final OutputStream out;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private MaskedBytes bytes = new MaskedBytes();
        /** The offset of the next byte to read. */
        private long position;

        private @Nullable OutputText text;

        FileCopy(Path file, long from, Optional<LineTimes> times, OutputStream out) {
            this.file = file;
            this.from = from;
            this.times = times;
            this.out = out;
        }

        /** @param whole whether the file is complete: then its end is not the beginning of a secret */
        void write(Mask mask, boolean whole) throws IOException {
            OutputText known = text;
            if (known == null) {
                if (!Files.exists(file)) { // nothing was printed yet
                    return;
                }
                known = OutputText.open(file);
                text = known;
                position = Math.max(0, from - mask.reach()); // a secret may have begun before
            }
            copy(known, mask, whole);
        }

        private void copy(OutputText known, Mask mask, boolean whole) throws IOException {
            while (true) {
                switch (known.read(position, buffer)) {
                    case OutputText.Piece.Chunk piece -> {
                        bytes.add(buffer.array(), piece.length());
                        position += piece.length();
                        flush(mask, false);
                    }
                    case OutputText.Piece.Hole hole -> {
                        flush(mask, true);
                        bytes = new MaskedBytes();
                        tell(Math.max(position, from), hole.to());
                        position = hole.to();
                    }
                    case OutputText.Piece.NotYet() -> {
                        flush(mask, whole);
                        return;
                    }
                }
            }
        }

        private void flush(Mask mask, boolean all) throws IOException {
            byte[] certain = bytes.certain(mask, all);
            long begin = position - bytes.size();
            int skipped = (int) Math.clamp(from - begin, 0L, certain.length);
            if (times.isPresent()) {
                times.get().write(out, certain, skipped, certain.length - skipped, begin + skipped);
            } else {
                out.write(certain, skipped, certain.length - skipped);
            }
            bytes.take(mask, certain.length);
        }

        @Override
        public void close() throws IOException {
            if (text != null) {
                text.close();
            }
        }

        private void tell(long begin, long end) throws IOException {
            if (end > begin) {
                String line = "\n%s%s were not kept, bytes %d to %d]\n"
                        .formatted(TerminalOutput.REMARK, Sizes.format(end - begin), begin, end);
                out.write(line.getBytes(StandardCharsets.UTF_8));
                times.ifPresent(LineTimes::begin);
            }
        }
    }
}
