package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The search for the file that a command's first word names, as {@code execvp} would do it in the command's own
 * environment and folder.
 */
final class ProgramFinder {
    /** The folders that C programs search when there is no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private enum Use {
        RUNNABLE,
        FOLDER,
        FORBIDDEN,
        MISSING
    }

    private ProgramFinder() {}

    /**
     * Finds the program of a command.
     *
     * @return its path; a relative one is relative to the command's folder
     * @throws SpawnException when there is none, or none that may be executed
     */
    static String find(ProcessSpec spec) throws SpawnException {
        String name = spec.argv().getFirst();
        if (name.isEmpty()) {
            throw new SpawnException("empty command name", SpawnException.NOT_FOUND);
        }
        return name.indexOf('/') >= 0 ? checked(spec, name) : search(spec, name);
    }

    private static String search(ProcessSpec spec, String name) throws SpawnException {
        String path = spec.context().environment().getOrDefault("PATH", DEFAULT_PATH);
        String unusable = "";
        for (String folder : path.split(":", -1)) {
            String candidate = (folder.isEmpty() ? "." : folder) + "/" + name; // an empty folder is the current one
            switch (use(spec, candidate)) {
                case RUNNABLE -> {
                    return candidate;
                }
                case FORBIDDEN -> unusable = unusable.isEmpty() ? candidate : unusable;
                case FOLDER, MISSING -> {} // shells pass over folders too
            }
        }
        if (unusable.isEmpty()) {
            throw SpawnException.notFound(spec, "not found in PATH (%s)".formatted(path));
        }
        return checked(spec, unusable);
    }

    private static String checked(ProcessSpec spec, String program) throws SpawnException {
        return switch (use(spec, program)) {
            case RUNNABLE -> program;
            case FOLDER -> throw SpawnException.notRunnable(spec, program + " is a folder");
            case FORBIDDEN ->
                throw SpawnException.notRunnable(spec, program + " is not executable: " + advice(spec, program));
            case MISSING -> throw SpawnException.notFound(spec, program + " does not exist");
        };
    }

    private static String advice(ProcessSpec spec, String program) {
        return noExec(spec, program).orElse("permission denied; use chmod +x");
    }

    /**
     * Returns the reason that no permission makes a file executable: its file system is mounted noexec. Empty: it is
     * not.
     */
    static Optional<String> noExec(ProcessSpec spec, String program) {
        return Disk.isNoExec(spec.context().directory().resolve(program))
                ? Optional.of("its file system is mounted noexec; call its interpreter, as in `sh " + program
                        + "`, or mount it with exec")
                : Optional.empty();
    }

    private static Use use(ProcessSpec spec, String program) {
        Path file = spec.context().directory().resolve(program);
        if (Files.isDirectory(file)) {
            return Use.FOLDER;
        }
        if (Files.isExecutable(file)) {
            return Use.RUNNABLE;
        }
        return Files.exists(file) ? Use.FORBIDDEN : Use.MISSING;
    }
}
