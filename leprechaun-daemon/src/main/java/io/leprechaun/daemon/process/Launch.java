package io.leprechaun.daemon.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A part that is ready to be started: its program has been found, and nothing that can be known before is wrong with it. Immutable.
 *
 * @param program the file to be executed; a relative one is relative to the part's folder
 * @param argv the part's own words and what stands before them
 * @param environment as {@code NAME=value}
 */
record Launch(ProcessSpec spec, String program, List<String> argv, List<String> environment) {
    private static final String SHELL = "/bin/sh";

    /**
     * Looks at a part.
     *
     * @param umask what children inherit
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
        if (spec.context().identity().isEmpty()) { // else the stage looks, as the user: root sees what that one may not
            checkFolder(spec);
        }
        // what another user may execute is for the stage to say
        String program = context.identity().isPresent() ? spec.argv().getFirst() : ProgramFinder.find(spec);
        if (!staged) {
            return new Launch(spec, program, spec.argv(), environment);
        }
        List<String> stage = LaunchWrapper.before(spec);
        return new Launch(spec, stage.getFirst(), words(stage, program, spec), environment);
    }

    /** Where the process starts: where its stage may be before it goes on as another user. */
    String folder() {
        return spec.context().identity().isPresent()
                ? "/"
                : spec.context().directory().toString();
    }

    /** The same by way of the shell, for a script that does not name its interpreter: what shells do with one. */
    Launch asScript() {
        return new Launch(spec, SHELL, words(List.of("sh"), program, spec), environment);
    }

    /** The file to be executed, wherever we are. */
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
            throw new SpawnException("there is no command to run", SpawnException.NOT_FOUND);
        }
        for (String word : spec.argv()) {
            if (word.indexOf(0) >= 0) {
                throw SpawnException.notRunnable(spec, "an argument holds a NUL byte");
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
                        spec, "'%s' is no name of an environment variable".formatted(name.replace('\0', '?')));
            }
            if (variable.getValue().indexOf(0) >= 0) {
                throw SpawnException.notRunnable(spec, "the environment variable %s holds a NUL byte".formatted(name));
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
            throw SpawnException.notRunnable(
                    spec, "the folder %s may not be entered: permission denied".formatted(folder));
        }
    }
}
