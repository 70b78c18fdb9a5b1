package io.leprechaun.cli;

import java.nio.file.Path;
import java.util.List;

/** Puts another program in this process's place. */
@FunctionalInterface
interface ProgramReplacer {
    /**
     * Becomes the program, with the same pid, terminal and environment; its exit code is then this process's. Returns only where that fails.
     *
     * @param arguments without the program's own name
     * @return what the process is to exit with
     */
    int become(Path program, List<String> arguments);
}
