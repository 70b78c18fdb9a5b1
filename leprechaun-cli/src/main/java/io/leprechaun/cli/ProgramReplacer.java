package io.leprechaun.cli;

import java.nio.file.Path;
import java.util.List;

/** The replacement of this process by another program. */
@FunctionalInterface
interface ProgramReplacer {
    /**
     * Replaces this process by the program, with the same pid, terminal and environment. The program's exit code is
     * then this process's. Returns only on failure.
     *
     * @param arguments the arguments without the program's own name
     * @return the exit code for this process
     */
    int become(Path program, List<String> arguments);
}
