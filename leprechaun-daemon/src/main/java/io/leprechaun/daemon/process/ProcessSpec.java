package io.leprechaun.daemon.process;

import java.nio.file.Path;
import java.util.List;

/**
 * The specification of one process to start.
 *
 * @param argv the program and its arguments; the program is searched in the PATH of its environment unless it contains
 *     a slash
 * @param mark the mark that identifies it and its descendants
 * @param output the file that is made for its standard output and standard error, 0600, or {@link #SILENT}; where a
 *     process follows in the pipeline, the standard output goes to that
 */
public record ProcessSpec(List<String> argv, ProcessContext context, Mark mark, Path output) {
    /** The output file of a process whose output is dropped. */
    public static final Path SILENT = Path.of("/dev/null");

    public ProcessSpec {
        argv = List.copyOf(argv);
    }

    boolean isSilent() {
        return output.equals(SILENT);
    }
}
