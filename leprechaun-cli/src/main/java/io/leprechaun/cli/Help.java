package io.leprechaun.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What {@code --help} prints. Only the verb that was asked for is built, and picocli is loaded for nothing else: a command's options are the daemon's, so the
 * client need not parse them, and starts in half the time.
 */
final class Help {
    /** Room for an indent on a terminal of the usual 80 columns. */
    private static final int WIDTH = 78;

    private Help() {}

    /** The help for the verb that the words begin with, or for everything. */
    static String of(List<String> words) {
        Optional<Topic> asked = words.stream().findFirst().flatMap(Topics::find);
        return asked.map(Help::verb).orElseGet(Help::overview) + own();
    }

    private static String verb(Topic topic) {
        CommandSpec spec = CommandSpec.create().name("leprechaun " + topic.name());
        for (Topic.Option known : topic.options()) {
            var option =
                    OptionSpec.builder(known.name()).description(known.meaning().replace("%", "%%"));
            spec.addOption(
                    known.value().isEmpty()
                            ? option.type(boolean.class).build()
                            : option.type(String.class)
                                    .paramLabel(known.value())
                                    .build());
        }
        spec.usageMessage()
                .synopsisHeading("Usage:%n  ")
                .width(WIDTH)
                .customSynopsis(("leprechaun " + topic.name() + " " + topic.synopsis()).strip())
                .description(topic.summary())
                .footer(topic.examples().stream().map(example -> "  " + example).toArray(String[]::new))
                .footerHeading("%nExamples:%n")
                .optionListHeading("%n");
        spec.parser().separator(" ");
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }

    private static String overview() {
        var text = new StringBuilder("""
            Usage:
              leprechaun COMMAND [ARGUMENTS]
              leprechaun AGENT COMMAND [ARGUMENTS]
              leprechaun --cmd="AGENT COMMAND ARGUMENTS"
            Asks the Leprechaun daemon, which runs recipes when they are due.

            Commands (leprechaun COMMAND --help tells more):
            """);
        Topics.ALL.forEach(topic -> text.append(String.format("  %-11s%s%n", topic.name(), topic.summary())));
        return text.append("""

            Agents: scheduler, cron and server know info, start, stop, pause, recipes,
            workers:list, workers:kill NAME, queue:list and queue:drop RUN; daemon knows
            info, services, health, clock, clock accept, reload and kill.

            Examples:
              leprechaun ls
              leprechaun run backup --follow
              leprechaun scheduler info --json
              leprechaun --cmd="server workers:kill deploy"
            """).toString();
    }

    private static String own() {
        return Stream.concat(
                        Stream.of("\nAnywhere on the line:\n"),
                        Topics.OWN.stream()
                                .map(option -> String.format("  %-15s%s%n", option.synopsis(), option.meaning())))
                .collect(Collectors.joining());
    }
}
