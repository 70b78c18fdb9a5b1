package io.leprechaun.daemon.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A spec that is ready to be started: its program has been found, and it has passed all checks that are possible before
 * a start. Immutable.
 *
 * @param program the file to be executed; a relative path is relative to the spec's working directory
 * @param argv the spec's own arguments, after those of a wrapper
 * @param environment the variables as {@code NAME=value}
 */
record Launch(ProcessSpec spec, String program, List<String> argv, List<String> environment) {
    private static final String SHELL = "/bin/sh";

    /**
     * Checks a spec, and prepares its launch.
     *
     * @param umask the umask that children inherit
     * @throws SpawnException when it cannot be started
     */
    static Launch of(ProcessSpec spec, int umask) throws SpawnException {
        ProcessContext context = spec.context();
        checkWords(spec);
        boolean staged = LaunchWrapper.isNeeded(context, umask);
        if (staged) {
            LaunchWrapper.check(spec);
        }
        List<String> environment = environment(spec);
        if (spec.context().identity().isEmpty()) { // else the wrapper checks it as the user: root sees more folders
            checkFolder(spec);
        }
        // for another user, the wrapper checks whether the program can be executed
        String program = context.identity().isPresent() ? spec.argv().getFirst() : ProgramFinder.find(spec);
        if (!staged) {
            return new Launch(spec, program, spec.argv(), environment);
        }
        List<String> stage = LaunchWrapper.before(spec);
        return new Launch(spec, stage.getFirst(), words(stage, program, spec), environment);
    }

    /**
     * Returns the folder in which the process starts. For another user that is {@code /}: the wrapper changes the
     * folder later, as that user.
     */
    String folder() {
        return spec.context().identity().isPresent()
                ? "/"
                : spec.context().directory().toString();
    }

    /**
     * Returns the same launch by way of the shell, as shells do it, for a script that does not name its interpreter.
     */
    Launch asScript() {
        return new Launch(spec, SHELL, words(List.of("sh"), program, spec), environment);
    }

    /** Returns the file to be executed, independent of the daemon's working directory. */
    Path file() {
        return spec.context().directory().resolve(program);
    }

    private static List<String> words(List<String> before, String program, ProcessSpec spec) {
        var words = new ArrayList<>(before);
        words.add(program.startsWith("-") ? "./" + program : program); // never an option of the shell
        words.addAll(spec.argv().subList(1, spec.argv().size()));
        return words;
    }

    private static void checkWords(ProcessSpec spec) throws SpawnException {
        if (spec.argv().isEmpty()) {
            throw new SpawnException("empty command", SpawnException.NOT_FOUND);
        }
        for (String word : spec.argv()) {
            if (word.indexOf(0) >= 0) {
                throw SpawnException.notRunnable(spec, "an argument contains a NUL byte");
            }
        }
    }

    private static List<String> environment(ProcessSpec spec) throws SpawnException {
        var environment = new ArrayList<String>(spec.context().environment().size() + 1);
        environment.add(Mark.VARIABLE + "=" + spec.mark().text());
        for (var variable : LaunchWrapper.environment(spec.context()).entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf(0) >= 0) {
                throw SpawnException.notRunnable(
                        spec, "invalid name of an environment variable '%s'".formatted(name.replace('\0', '?')));
            }
            if (variable.getValue().indexOf(0) >= 0) {
                throw SpawnException.notRunnable(
                        spec, "the environment variable %s contains a NUL byte".formatted(name));
            }
            environment.add(name + "=" + variable.getValue());
        }
        return environment;
    }

    private static void checkFolder(ProcessSpec spec) throws SpawnException {
        Path folder = spec.context().directory();
        if (!Files.isDirectory(folder)) {
            throw SpawnException.notRunnable(
                    spec,
                    Files.exists(folder)
                            ? folder + " is not a folder"
                            : "the folder %s does not exist".formatted(folder));
        }
        if (!Files.isExecutable(folder)) {
            throw SpawnException.notRunnable(spec, "cannot enter the folder %s: permission denied".formatted(folder));
        }
    }
}
