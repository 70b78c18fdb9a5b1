package io.leprechaun.daemon.process;

import java.nio.file.Path;
import java.util.List;

/**
 * One process to start.
 *
 * @param argv the program and its arguments; the program is searched in the PATH of its environment unless it has a slash
 * @param mark by which it and all that comes of it are known
 * @param output the file that is made for its standard output and standard error, 0600, or {@link #SILENT}; the output goes to the next part instead where there is one
 */
public record ProcessSpec(List<String> argv, ProcessContext context, Mark mark, Path output) {
    /** The output of which nothing is kept. */
    public static final Path SILENT = Path.of("/dev/null");

    public ProcessSpec {
        argv = List.copyOf(argv);
    }

    boolean isSilent() {
        return output.equals(SILENT);
    }
}
