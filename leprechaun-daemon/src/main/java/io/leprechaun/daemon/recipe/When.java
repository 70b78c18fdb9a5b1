package io.leprechaun.daemon.recipe;

/** On what a step's turn depends, where it depends on anything. The last two also have their turn when the run was ended. */
public enum When {
    /** Nothing has failed until then. */
    SUCCESS,
    /** Something has failed, or the run was ended. */
    FAILURE,
    /** Nothing: it has its turn however the run goes. */
    ALWAYS
}
