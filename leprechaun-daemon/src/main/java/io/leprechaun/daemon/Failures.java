package io.leprechaun.daemon;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Printable;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.run.StoreException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;

/** Reports in one sentence why a command that needs no daemon has failed, whatever it was: never as a stack trace. */
final class Failures {
    private Failures() {}

    /** A command. */
    @FunctionalInterface
    interface Work {
        /** Does it, and gives the exit code. */
        int run() throws StartException;
    }

    /** Does a command and gives its exit code; {@link ExitCode#DEFECT} where nobody has thought of what happened. */
    static int report(String verb, PrintStream err, Work work) {
        try {
            return work.run();
        } catch (ProblemException e) {
            return say(err, e.problem().detail(), e.problem().code());
        } catch (StartException e) {
            return say(err, String.valueOf(e.getMessage()), ExitCode.USAGE);
        } catch (StoreException e) {
            return say(err, String.valueOf(e.getMessage()), ExitCode.REFUSED);
        } catch (InvalidPathException e) {
            return say(err, "'" + e.getInput() + "' is not a path: name a file or a folder", ExitCode.USAGE);
        } catch (UncheckedIOException e) {
            return say(err, verb + " cannot read or write a file: " + Reasons.of(e.getCause()), ExitCode.USAGE);
        } catch (OutOfMemoryError e) {
            String remedy = "it may have more with LEPRECHAUN_JAVA_OPTS=-Xmx256m";
            return say(err, verb + " needs more memory than it may have: " + remedy, ExitCode.DEFECT);
        } catch (RuntimeException | Error e) {
            StackTraceElement[] trace = e.getStackTrace();
            String where = e + (trace.length == 0 ? "" : " at " + trace[0]);
            return say(
                    err,
                    verb + " failed because of a defect of Leprechaun (" + where + "): please report it",
                    ExitCode.DEFECT);
        }
    }

    private static int say(PrintStream err, String sentence, ExitCode code) {
        err.println("leprechaun: " + Printable.of(sentence));
        return code.number();
    }
}
