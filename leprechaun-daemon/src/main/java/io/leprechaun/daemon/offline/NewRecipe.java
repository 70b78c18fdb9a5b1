package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.YamlErrors;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The writer of a recipe's first version: {@code new NAME [--cron PATTERN | --every DURATION | --hook] [COMMAND]…}.
 *
 * @param folder the folder of recipes
 * @param reader the reader that checks that the text loads
 */
record NewRecipe(Path folder, RecipeReader reader) {
    private static final String ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int ID_LENGTH = 24;

    /**
     * Writes the file. An existing file is never overwritten, and a recipe that would not load is not written.
     *
     * @param arguments the arguments of {@code new}
     * @return the file
     * @throws ProblemException when the recipe would not load, or the file exists
     * @throws IOException when it cannot be written
     */
    public Path write(Arguments arguments) throws IOException {
        String name = arguments.operand(0, "NAME");
        Path file = folder.resolve(name + ".yml");
        if (!folder.equals(file.getParent())) {
            throw new ProblemException(Problem.usage("invalid name '" + name + "': use a name without folders"));
        }
        String text = text(arguments);
        var problems = new Problems();
        if (reader.read(new Origin(file, text, ""), problems).isEmpty()) {
            throw new ProblemException(Problem.usage("no file was written: "
                    + problems.errors().stream()
                            .map(problem -> problem.message())
                            .collect(Collectors.joining("; "))));
        }
        try {
            return Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new ProblemException(
                    Problem.refused(file + " already exists and was not changed: edit it, or use another name"));
        }
    }

    private static String text(Arguments arguments) {
        List<String> commands =
                arguments.operands().subList(1, arguments.operands().size());
        var steps = commands.isEmpty() ? List.of("echo hello from $LEPRECHAUN_RECIPE") : commands;
        return "# description: the purpose of the recipe\n" + trigger(arguments) + "steps:\n"
                + steps.stream().map(step -> "  - " + step(step) + "\n").collect(Collectors.joining());
    }

    private static String trigger(Arguments arguments) {
        var definition = new ArrayList<String>();
        var keys = new StringBuilder();
        arguments.value("--cron").ifPresent(pattern -> {
            definition.add("cron");
            keys.append("pattern: ").append(YamlErrors.quoted(pattern)).append('\n');
        });
        arguments.value("--every").ifPresent(span -> {
            definition.add("schedule");
            keys.append("schedule: ").append(schedule(span)).append('\n');
        });
        if (arguments.has("--hook")) {
            definition.add("hook");
            keys.append("id: ").append(id()).append('\n');
        }
        return definition.isEmpty()
                ? "# run by hand only; to add a trigger, use for example:\n# definition: cron\n# pattern: '30 2 * *"
                        + " *'\n"
                : "definition: " + (definition.size() == 1 ? definition.getFirst() : definition) + "\n" + keys;
    }

    private static String schedule(String text) {
        Duration span;
        try {
            span = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage(String.valueOf(e.getMessage())));
        }
        if (span.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new ProblemException(Problem.usage("invalid --every " + text + ": use at least one second, 1s"));
        }
        var parts = new ArrayList<String>();
        part(parts, "day", span.toDaysPart());
        part(parts, "hour", span.toHoursPart());
        part(parts, "min", span.toMinutesPart());
        part(parts, "sec", span.toSecondsPart());
        return parts.stream().collect(Collectors.joining(", ", "{ ", " }"));
    }

    private static void part(List<String> parts, String unit, long count) {
        if (count > 0) {
            parts.add(unit + ": " + count);
        }
    }

    /** Returns a random id that cannot be guessed: 120 bits. */
    private static String id() {
        return new SecureRandom()
                .ints(ID_LENGTH, 0, ID_LETTERS.length())
                .mapToObj(i -> ID_LETTERS.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    /**
     * Returns a command as YAML: plain where YAML reads it unchanged, else quoted or as a block. It gets a key where
     * Leprechaun would take its beginning for a marker.
     */
    private static String step(String command) {
        if (command.strip().indexOf('\n') >= 0) {
            return "|\n" + command.strip().indent(4).stripTrailing();
        }
        boolean plain = command.matches("[A-Za-z/.][A-Za-z0-9 /._=$@%+-]*") && !command.endsWith(" ");
        if (plain) {
            return command;
        }
        boolean negated = command.stripLeading().startsWith("! ");
        return (negated ? "run: " : "") + YamlErrors.quoted(command);
    }
}
