package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.run.RunState;

/** What admission says to something due. */
sealed interface Decision {
    /** It takes a slot now. */
    record Start() implements Decision {}

    /** It waits in the queue. */
    record Enqueue() implements Decision {}

    /** The recipe's other runs are ended and it takes their place. */
    record Replace() implements Decision {}

    /**
     * It starts nothing.
     *
     * @param state HELD, SKIPPED or REJECTED
     * @param reason one sentence
     */
    record Refuse(RunState state, String reason) implements Decision {}
}
