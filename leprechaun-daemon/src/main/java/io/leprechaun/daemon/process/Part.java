package io.leprechaun.daemon.process;

import java.nio.file.Path;
import java.util.List;

/**
 * One process to start.
 *
 * @param argv the program and its arguments; the program is searched in the PATH of its environment unless it has a slash
 * @param mark by which it and all that comes of it are known
 * @param output the file that its standard output and standard error are appended to, made 0600; the output goes to the next part instead where there is one
 */
public record Part(List<String> argv, Conditions conditions, Mark mark, Path output) {
    public Part {
        argv = List.copyOf(argv);
    }
}
