package io.leprechaun.daemon.offline;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.startup.Reasons;
import io.leprechaun.daemon.startup.StartException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The report of any failure of an offline command, in one sentence and never as a stack trace. */
public final class Failures {
    private Failures() {}

    /** A command. */
    @FunctionalInterface
    public interface Work {
        /** Runs the command, and returns the exit code. */
        int run() throws StartException;
    }

    /**
     * Runs a command and returns its exit code; {@link ExitCode#DEFECT} for an unexpected failure.
     *
     * @param documents the stream for failures as problem documents (RFC 9457); empty: they are printed as sentences to
     *     {@code err}
     */
    public static int report(String verb, Optional<PrintStream> documents, PrintStream err, Work work) {
        try {
            return work.run();
        } catch (RuntimeException | StartException | Error e) {
            Problem problem = problem(verb, e);
            if (documents.isPresent()) {
                documents.get().println(JsonMapper.shared().writeValueAsString(problem.document()));
            } else {
                err.println("leprechaun: " + Printable.of(problem.detail()));
            }
            return problem.code().number();
        }
    }

    private static Problem problem(String verb, Throwable failure) {
        return switch (failure) {
            case ProblemException e -> e.problem();
            case StartException e -> Problem.usage(String.valueOf(e.getMessage()));
            case StoreException e -> Problem.refused(String.valueOf(e.getMessage()));
            case InvalidPathException e ->
                Problem.usage("'" + e.getInput() + "' is not a path: use a file or a folder");
            case UncheckedIOException e ->
                Problem.usage(verb + " cannot read or write a file: " + Reasons.of(e.getCause()));
            case OutOfMemoryError e ->
                Problem.defect(verb + " is out of memory: raise the limit with LEPRECHAUN_JAVA_OPTS=-Xmx256m");
            default -> {
                StackTraceElement[] trace = failure.getStackTrace();
                String where = failure + (trace.length == 0 ? "" : " at " + trace[0]);
                yield Problem.defect(
                        verb + " failed because of an internal error of Leprechaun (" + where + "): please report it");
            }
        };
    }
}
