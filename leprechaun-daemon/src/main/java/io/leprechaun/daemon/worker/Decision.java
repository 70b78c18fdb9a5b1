package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.run.RunState;

/** The decision of admission on a recipe that is due. */
sealed interface Decision {
    /** The run takes a slot now. */
    record Start() implements Decision {}

    /** The run waits in the queue. */
    record Enqueue() implements Decision {}

    /** The recipe's other runs are ended, and the run takes their place. */
    record Replace() implements Decision {}

    /**
     * The request starts nothing.
     *
     * @param state the state of its record: HELD, SKIPPED or REJECTED
     * @param reason one sentence
     */
    record Refuse(RunState state, String reason) implements Decision {}
}
