package io.leprechaun.daemon.process;

import java.util.List;
import java.util.Optional;

/**
 * The mark that identifies every process of a step, and all its descendants: as text in its environment, and as a
 * number that it keeps when it clears that ({@link io.leprechaun.daemon.posix.Limits}).
 *
 * @param store the identity of the store that holds the run, without colons: the marks of two daemons on one host never
 *     collide
 * @param run the run's number
 * @param attempt the number of the run's attempt, from 1
 * @param step the first step of the pipeline that the step is part of, from 1
 */
public record Mark(String store, long run, int attempt, int step) {
    /** The environment variable that holds the text. */
    public static final String VARIABLE = "LEPRECHAUN_MARK";

    /** The bit that distinguishes the numbers of marks from limits that users set. */
    private static final long OURS = 1L << 62;

    private static final int RUN_BITS = 32;
    private static final int STEP_BITS = 8;

    /** Returns the mark as text: {@code STORE:RUN:ATTEMPT:STEP}. */
    public String text() {
        return store + ":" + run + ":" + attempt + ":" + step;
    }

    /** Returns the mark of a text; empty when the text is not a mark. */
    static Optional<Mark> of(String text) {
        List<String> parts = List.of(text.split(":", -1));
        if (parts.size() != 4 || !parts.stream().skip(1).allMatch(spec -> spec.matches("[0-9]{1,9}|[0-9]{10,18}"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mark(
                    parts.getFirst(),
                    Long.parseLong(parts.get(1)),
                    Integer.parseInt(parts.get(2)),
                    Integer.parseInt(parts.get(3))));
        } catch (NumberFormatException e) {
            return Optional.empty(); // the variable is another program's
        }
    }

    /** Returns the number: some bits of the store, the run's number and the step's, as many as fit into 62 bits. */
    long tag() {
        return tag(store, run) | step & (1L << STEP_BITS) - 1;
    }

    /** Returns the part that the numbers of all steps of a run share: all but the last eight bits. */
    static long tag(String store, long run) {
        long left = Integer.toUnsignedLong(store.hashCode()) & (1L << 62 - RUN_BITS - STEP_BITS) - 1;
        return OURS | left << RUN_BITS + STEP_BITS | (run & (1L << RUN_BITS) - 1) << STEP_BITS;
    }

    /** Returns the same part of a number that a process has. */
    static long withoutStep(long tag) {
        return tag & -(1L << STEP_BITS);
    }
}
