package io.leprechaun.daemon.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One process to start.
 *
 * @param argv the program and its arguments; the program is searched in the PATH of {@code environment} unless it has a slash
 * @param environment all that it gets, nothing is inherited
 * @param directory where it starts
 * @param umask 0 to 0777
 * @param output the file that its standard output and standard error are appended to, made 0600; the output goes to the next part instead where there is one
 */
public record Part(List<String> argv, Map<String, String> environment, Path directory, int umask, Path output) {
    public Part {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }
}
