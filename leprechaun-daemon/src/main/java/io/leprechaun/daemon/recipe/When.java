package io.leprechaun.daemon.recipe;

/** The condition of a step's turn. Steps with one of the last two also have their turn when the run was ended. */
public enum When {
    /** Nothing has failed until then. */
    SUCCESS,
    /** Something has failed, or the run was ended. */
    FAILURE,
    /** None: the step has its turn regardless of the run's outcome. */
    ALWAYS
}
