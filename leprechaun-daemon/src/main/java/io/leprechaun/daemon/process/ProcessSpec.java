package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.ChildOutput;
import java.util.List;

/**
 * The specification of one process to start.
 *
 * @param argv the program and its arguments; the program is searched in the PATH of its environment unless it contains
 *     a slash
 * @param mark the mark that identifies it and its descendants
 * @param output the target of its standard output and standard error, or {@link #SILENT}; where a process follows in
 *     the pipeline, the standard output goes to that
 */
public record ProcessSpec(List<String> argv, ProcessContext context, Mark mark, ChildOutput output) {
    /** The output of a process whose output is dropped. */
    public static final ChildOutput SILENT = new ChildOutput() {
        @Override
        public int open() {
            throw new IllegalStateException("nothing to open");
        }

        @Override
        public void started() {}
    };

    public ProcessSpec {
        argv = List.copyOf(argv);
    }

    boolean isSilent() {
        return output == SILENT;
    }
}
