package io.leprechaun.cli;

import io.leprechaun.api.Option;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The text of {@code --help}. Only the requested verb is built, and picocli is loaded for nothing else. A command's
 * options are the daemon's, so the client need not parse them, and starts in half the time.
 */
final class Help {
    /** The width of the text, which leaves room for an indent on a terminal of the usual 80 columns. */
    private static final int WIDTH = 78;

    private Help() {}

    /** Returns the help for the verb that the words begin with, or the overview. */
    static String of(List<String> words) {
        Optional<Verb> asked = words.stream().findFirst().flatMap(Verbs::find);
        return asked.map(Help::verb).orElseGet(Help::overview) + own();
    }

    private static String verb(Verb verb) {
        CommandSpec spec = CommandSpec.create().name("leprechaun " + verb.name());
        for (Option known : verb.documented()) {
            var option =
                    OptionSpec.builder(known.name()).description(known.meaning().replace("%", "%%"));
            spec.addOption(
                    known.isValued()
                            ? option.type(String.class)
                                    .paramLabel(known.value())
                                    .build()
                            : option.type(boolean.class).build());
        }
        spec.usageMessage()
                .synopsisHeading("Usage:%n  ")
                .width(WIDTH)
                .customSynopsis(verb.usage())
                .description(verb.summary())
                .footer(verb.examples().stream().map(example -> "  " + example).toArray(String[]::new))
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
            Client of the Leprechaun daemon, which runs recipes when they are due.

            Commands (details: leprechaun COMMAND --help):
            """);
        Verbs.ALL.forEach(verb -> text.append(String.format("  %-11s%s%n", verb.name(), verb.summary())));
        return text.append("\n")
                .append(wrapped("Agents: " + AgentSummary.sentence(word -> word)))
                .append("""

                    Examples:
                      leprechaun ls
                      leprechaun run backup --follow
                      leprechaun scheduler info --json
                      leprechaun --cmd="server workers:kill deploy"
                    """)
                .toString();
    }

    /** Wraps a text at blanks. */
    private static String wrapped(String text) {
        var lines = new StringBuilder();
        int begin = 0;
        while (text.length() - begin > WIDTH) {
            int end = text.lastIndexOf(' ', begin + WIDTH);
            lines.append(text, begin, end).append('\n');
            begin = end + 1;
        }
        return lines.append(text, begin, text.length()).append('\n').toString();
    }

    private static String own() {
        return Stream.concat(
                        Stream.of("\nOptions, anywhere on the line:\n"),
                        OwnOptions.ALL.stream()
                                .map(option -> String.format("  %-15s%s%n", option.synopsis(), option.meaning())))
                .collect(Collectors.joining());
    }
}
