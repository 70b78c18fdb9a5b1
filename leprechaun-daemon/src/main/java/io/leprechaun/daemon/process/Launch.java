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
record Launch(ProcessSpec part, String program, List<String> argv, List<String> environment) {
    private static final String SHELL = "/bin/sh";

    /**
     * Looks at a part.
     *
     * @param umask what children inherit
     * @throws SpawnException when it cannot be started
     */
    static Launch of(ProcessSpec part, int umask) throws SpawnException {
        ProcessContext conditions = part.conditions();
        checkWords(part);
        boolean staged = LaunchWrapper.isNeeded(conditions, umask);
        if (staged) {
            LaunchWrapper.check(part);
        }
        List<String> environment = environment(part);
        if (part.conditions()
                .identity()
                .isEmpty()) { // else the stage looks, as the user: root sees what that one may not
            checkFolder(part);
        }
        // what another user may execute is for the stage to say
        String program = conditions.identity().isPresent() ? part.argv().getFirst() : Program.find(part);
        if (!staged) {
            return new Launch(part, program, part.argv(), environment);
        }
        List<String> stage = LaunchWrapper.before(part);
        return new Launch(part, stage.getFirst(), words(stage, program, part), environment);
    }

    /** Where the process starts: where its stage may be before it goes on as another user. */
    String folder() {
        return part.conditions().identity().isPresent()
                ? "/"
                : part.conditions().directory().toString();
    }

    /** The same by way of the shell, for a script that does not name its interpreter: what shells do with one. */
    Launch asScript() {
        return new Launch(part, SHELL, words(List.of("sh"), program, part), environment);
    }

    /** The file to be executed, wherever we are. */
    Path file() {
        return part.conditions().directory().resolve(program);
    }

    private static List<String> words(List<String> before, String program, ProcessSpec part) {
        var words = new ArrayList<>(before);
        words.add(program.startsWith("-") ? "./" + program : program); // never an option of the shell
        words.addAll(part.argv().subList(1, part.argv().size()));
        return words;
    }

    private static void checkWords(ProcessSpec part) throws SpawnException {
        if (part.argv().isEmpty()) {
            throw new SpawnException("there is no command to run", SpawnException.NOT_FOUND);
        }
        for (String word : part.argv()) {
            if (word.indexOf(0) >= 0) {
                throw SpawnException.notRunnable(part, "an argument holds a NUL byte");
            }
        }
    }

    private static List<String> environment(ProcessSpec part) throws SpawnException {
        var environment = new ArrayList<String>(part.conditions().environment().size() + 1);
        environment.add(Mark.VARIABLE + "=" + part.mark().text());
        for (var variable : LaunchWrapper.environment(part.conditions()).entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf(0) >= 0) {
                throw SpawnException.notRunnable(
                        part, "'%s' is no name of an environment variable".formatted(name.replace('\0', '?')));
            }
            if (variable.getValue().indexOf(0) >= 0) {
                throw SpawnException.notRunnable(part, "the environment variable %s holds a NUL byte".formatted(name));
            }
            environment.add(name + "=" + variable.getValue());
        }
        return environment;
    }

    private static void checkFolder(ProcessSpec part) throws SpawnException {
        Path folder = part.conditions().directory();
        if (!Files.isDirectory(folder)) {
            throw SpawnException.notRunnable(
                    part,
                    Files.exists(folder)
                            ? folder + " is not a folder"
                            : "the folder %s does not exist".formatted(folder));
        }
        if (!Files.isExecutable(folder)) {
            throw SpawnException.notRunnable(
                    part, "the folder %s may not be entered: permission denied".formatted(folder));
        }
    }
}
