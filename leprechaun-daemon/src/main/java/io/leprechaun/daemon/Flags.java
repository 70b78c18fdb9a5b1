package io.leprechaun.daemon;

import io.leprechaun.api.ExitCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The daemon's command line. Declared to picocli without annotations: to read those takes a tenth of the start. */
final class Flags {
    private static final String CONFIG = "--config";
    private static final String STATE = "--state";
    private static final String SOCKET = "--socket";
    private static final String RECIPES = "--recipes";
    private static final String CHECK = "--check";
    private static final String VERSION = "--version";
    private static final String HELP = "--help";

    private final ParseResult given;

    private Flags(ParseResult given) {
        this.given = given;
    }

    /** The action for flags that are not about the command line itself. */
    interface FlagsAction {
        /** @return the exit code */
        int run(Flags flags) throws InterruptedException;
    }

    /** Returns the specification of the flags. */
    static CommandSpec specification() {
        var spec = CommandSpec.create().name("leprechaund");
        spec.usageMessage()
                .description("Runs recipes when they are due: on an interval, by cron pattern, by webhook, by hand.")
                .sortOptions(false)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(new TreeMap<>(Map.of(
                        "0", "stopped, or no problems",
                        "1", "a recipe does not load (--check)",
                        "2", "invalid usage, settings that do not load, or a failed start",
                        "75", ExitCode.NOT_NOW.meaning())));
        return spec.addOption(path(CONFIG, "FILE", "The settings file; see leprechaun.yml for its usual places."))
                .addOption(path(STATE, "DIR", "The folder for history, queue and output."))
                .addOption(path(SOCKET, "PATH", "The socket of the API."))
                .addOption(path(RECIPES, "DIR", "The folder of the recipes."))
                .addOption(OptionSpec.builder(CHECK)
                        .description("Check settings and recipes, and exit.")
                        .build())
                .addOption(OptionSpec.builder(VERSION)
                        .description("Print the versions of the program and the Java runtime, and exit.")
                        .build())
                .addOption(OptionSpec.builder(HELP)
                        .usageHelp(true)
                        .description("Print this help, and exit.")
                        .build());
    }

    /**
     * Parses the command line, and answers requests about the command line itself or runs the action.
     *
     * @return the exit code
     */
    static int parse(String[] args, FlagsAction action) {
        return new CommandLine(specification())
                .setExpandAtFiles(false)
                .setExecutionStrategy(given -> {
                    Integer helped = CommandLine.executeHelpRequest(given);
                    if (helped != null) {
                        return helped;
                    }
                    try {
                        return action.run(new Flags(given));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return ExitCode.DEFECT.number();
                    }
                })
                .execute(args);
    }

    @Nullable
    Path config() {
        return given.matchedOptionValue(CONFIG, null);
    }

    @Nullable
    Path state() {
        return given.matchedOptionValue(STATE, null);
    }

    @Nullable
    Path socket() {
        return given.matchedOptionValue(SOCKET, null);
    }

    @Nullable
    Path recipes() {
        return given.matchedOptionValue(RECIPES, null);
    }

    boolean check() {
        return given.hasMatchedOption(CHECK);
    }

    boolean version() {
        return given.hasMatchedOption(VERSION);
    }

    private static OptionSpec path(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(Path.class)
                .description(description)
                .build();
    }
}
