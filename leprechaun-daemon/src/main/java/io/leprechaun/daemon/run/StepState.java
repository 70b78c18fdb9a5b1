package io.leprechaun.daemon.run;

import java.util.Locale;

/** Where a step of a run is. */
public enum StepState {
    /** Not begun, and it still may. */
    PENDING,
    /** Its process runs. */
    RUNNING,
    /** It ended well. */
    SUCCEEDED,
    /** It ended badly, or could not be started. */
    FAILED,
    /** It was ended with the run. */
    KILLED,
    /** It was ended because its time was over. */
    TIMED_OUT,
    /** The run ended before it began. */
    NOT_RUN;

    /** As programs and the store spell it, {@code not_run} for example. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state that is spelled so. */
    public static StepState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
