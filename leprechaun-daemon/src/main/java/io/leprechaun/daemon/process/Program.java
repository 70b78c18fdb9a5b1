package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the file that a part's first word means, as {@code execvp} would in the part's own environment and folder. */
final class Program {
    /** What C programs search when there is no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private enum Use {
        RUNNABLE,
        FOLDER,
        FORBIDDEN,
        MISSING
    }

    private Program() {}

    /**
     * Searches a part's program.
     *
     * @return its path; a relative one is relative to the part's folder
     * @throws SpawnException when there is none, or none that may be executed
     */
    static String find(ProcessSpec part) throws SpawnException {
        String name = part.argv().getFirst();
        if (name.isEmpty()) {
            throw new SpawnException("the command's name is empty", SpawnException.NOT_FOUND);
        }
        return name.indexOf('/') >= 0 ? checked(part, name) : search(part, name);
    }

    private static String search(ProcessSpec part, String name) throws SpawnException {
        String path = part.conditions().environment().getOrDefault("PATH", DEFAULT_PATH);
        String unusable = "";
        for (String folder : path.split(":", -1)) {
            String candidate = (folder.isEmpty() ? "." : folder) + "/" + name; // an empty folder is the current one
            switch (use(part, candidate)) {
                case RUNNABLE -> {
                    return candidate;
                }
                case FORBIDDEN -> unusable = unusable.isEmpty() ? candidate : unusable;
                case FOLDER, MISSING -> {} // shells pass over folders too
            }
        }
        if (unusable.isEmpty()) {
            throw SpawnException.notFound(part, "it is in none of the folders of PATH (%s)".formatted(path));
        }
        return checked(part, unusable);
    }

    private static String checked(ProcessSpec part, String program) throws SpawnException {
        return switch (use(part, program)) {
            case RUNNABLE -> program;
            case FOLDER -> throw SpawnException.notRunnable(part, program + " is a folder");
            case FORBIDDEN ->
                throw SpawnException.notRunnable(part, program + " may not be executed: " + advice(part, program));
            case MISSING -> throw SpawnException.notFound(part, program + " does not exist");
        };
    }

    private static String advice(ProcessSpec part, String program) {
        return noExec(part, program).orElse("permission denied, chmod +x makes it a program");
    }

    /** Why nothing makes a program of it. */
    static Optional<String> noExec(ProcessSpec part, String program) {
        return Disk.isNoExec(part.conditions().directory().resolve(program))
                ? Optional.of("its file system is mounted noexec, call its interpreter as in `sh " + program
                        + "`, or mount it with exec")
                : Optional.empty();
    }

    private static Use use(ProcessSpec part, String program) {
        Path file = part.conditions().directory().resolve(program);
        if (Files.isDirectory(file)) {
            return Use.FOLDER;
        }
        if (Files.isExecutable(file)) {
            return Use.RUNNABLE;
        }
        return Files.exists(file) ? Use.FORBIDDEN : Use.MISSING;
    }
}
