package io.leprechaun.daemon.run;

import java.util.Locale;

/** The state of a step of a run. */
public enum StepState {
    /** It has not begun, and still may. */
    PENDING,
    /** Its process runs. */
    RUNNING,
    /** It ended with success. */
    SUCCEEDED,
    /** It ended with a failure, or could not be started. */
    FAILED,
    /** It was ended with the run. */
    KILLED,
    /** It was ended because its time was over. */
    TIMED_OUT,
    /** The run ended before it began. */
    NOT_RUN;

    /** Returns the state as programs and the store spell it, {@code not_run} for example. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the state with this spelling. */
    public static StepState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
