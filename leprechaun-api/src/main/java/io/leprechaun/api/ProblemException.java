package io.leprechaun.api;

/** The exception of a handler that refuses a call. Its problem is the answer. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    /** @param problem the answer to the call */
    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** Returns the answer to the call. */
    public Problem problem() {
        return problem;
    }
}
