package io.leprechaun.prose;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Form;
import io.leprechaun.api.Option;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.api.Words;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command lines of {@code leprechaun} on a page, and their check against the lists of verbs and options. */
final class CommandLines {
    private static final Pattern OPENING = Pattern.compile("^ *```(\\w*)$");
    private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`]+)`(?!`)");
    /** The text that makes a span a synopsis and not a command. */
    private static final Pattern SYNOPSIS = Pattern.compile("…|\\.\\.\\.|\\[|[A-Za-z]\\|[A-Za-z]|\\bCOMMAND\\b");

    private static final Pattern REDIRECTED = Pattern.compile(" [0-9]$");
    private static final Pattern BEFORE =
            Pattern.compile("^(?:\\s+|!|sudo(?: -u \\S+)?\\b|if\\b|while\\b|until\\b|then\\b|do\\b|else\\b|time\\b"
                    + "|exec\\b|[A-Z_]+=\\S*\\s)*");
    private static final Pattern PROGRAM = Pattern.compile("(?:\\S*/)?leprechaun(?= |$)");

    private static final Set<String> OWN_FLAGS = Set.of("--json", "-q", "--quiet", "-h", "--help");
    private static final Set<String> OWN_VALUES = Set.of("--socket", "--config");

    private CommandLines() {}

    /** A command line with its place. */
    record CommandLine(String page, int line, String text) {
        @Override
        public String toString() {
            return page + ":" + line + " " + text;
        }

        /** Returns the problem of the command line; empty: the client takes it. */
        Optional<String> problem() {
            try {
                check(Words.split(PROGRAM.matcher(text).replaceFirst("")));
                return Optional.empty();
            } catch (ProblemException e) {
                return Optional.of(this + ": " + e.problem().detail());
            }
        }
    }

    /** Returns the command lines in blocks of shell, and in inline code without placeholders. */
    static List<CommandLine> of(Page page) {
        var found = new ArrayList<CommandLine>();
        String language = "";
        boolean inBlock = false;
        var joined = new StringBuilder();
        int number = 0;
        for (String line : page.text().lines().toList()) {
            number++;
            var opening = OPENING.matcher(line);
            if (opening.matches()) {
                language = inBlock ? "" : opening.group(1);
                inBlock = !inBlock;
            } else if (!inBlock) {
                spans(page, number, line, found);
            } else if (line.endsWith("\\")) {
                joined.append(line, 0, line.length() - 1).append(' ');
            } else {
                String whole = joined + line;
                joined.setLength(0);
                int place = number;
                shell(language, whole)
                        .flatMap(CommandLines::commands)
                        .forEach(command -> found.add(new CommandLine(page.name(), place, command)));
            }
        }
        return found;
    }

    private static Stream<String> shell(String language, String line) {
        return switch (language) {
            case "sh", "bash" -> Stream.of(line);
            case "console" ->
                line.strip().startsWith("$ ") ? Stream.of(line.strip().substring(2)) : Stream.of();
            default -> Stream.of();
        };
    }

    private static void spans(Page page, int number, String line, List<CommandLine> found) {
        SPAN.matcher(line.replace("\\|", "|"))
                .results()
                .map(span -> span.group(1))
                .filter(code -> code.startsWith("leprechaun "))
                .filter(code -> !SYNOPSIS.matcher(code).find())
                .flatMap(CommandLines::commands)
                .forEach(command -> found.add(new CommandLine(page.name(), number, command)));
    }

    /** Returns the calls of the client in a line of shell, without redirections. */
    static Stream<String> commands(String line) {
        return split(line).stream()
                .map(part -> BEFORE.matcher(part).replaceFirst("").strip())
                .filter(part -> PROGRAM.matcher(part).lookingAt());
    }

    /** Splits a line of shell at the operators that stand outside of quotes. */
    private static List<String> split(String line) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && c == '#' && (i == 0 || line.charAt(i - 1) == ' ')) {
                break;
            }
            if (quote == 0 && "|&;()<>".indexOf(c) >= 0) {
                parts.add(REDIRECTED.matcher(part).replaceFirst(""));
                part.setLength(0);
                continue;
            }
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            }
            part.append(c);
        }
        parts.add(part.toString());
        return parts;
    }

    private static void check(List<String> typed) {
        List<String> words = withoutOwn(typed);
        if (words.isEmpty() || words.getFirst().equals("help")) {
            return;
        }
        String first = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        Optional<Verb> verb = Verbs.find(first);
        if (verb.isPresent()) {
            Form form = verb.get().form(rest).orElseThrow(() -> usage("unknown form of " + first));
            Arguments.parse(form.behindWord(rest), options(verb.get(), form), form.operands());
        } else if (AgentCommands.isAgent(first)) {
            agent(first, rest);
        } else {
            throw usage("unknown command " + first);
        }
    }

    /** Returns the options of a form, and those that the client removes before it asks the daemon. */
    private static List<Option> options(Verb verb, Form form) {
        return Stream.concat(
                        form.options().stream(),
                        verb.options().stream()
                                .filter(option -> option.form().equals("client"))
                                .map(option -> new Option(option.name(), option.value(), option.meaning(), "")))
                .toList();
    }

    private static void agent(String agent, List<String> words) {
        if (words.isEmpty()) {
            throw usage("command of " + agent + " missing");
        }
        boolean accepts = words.size() > 1 && words.subList(0, 2).equals(List.of("clock", "accept"));
        String name = accepts ? "clock:accept" : words.getFirst();
        List<Verb> known = new ArrayList<>(AgentCommands.of(agent));
        if (!agent.equals(AgentCommands.DAEMON)) {
            known.add(AgentCommands.NEXT);
        }
        known.stream()
                .filter(verb -> verb.name().equals(name))
                .findFirst()
                .orElseThrow(() -> usage("unknown command of " + agent + ": " + name))
                .form()
                .parse(words.subList(accepts ? 2 : 1, words.size()));
    }

    /** Removes the client's own options, and splits the line of {@code --cmd}. */
    private static List<String> withoutOwn(List<String> typed) {
        var words = new ArrayList<String>();
        for (var rest = new ArrayDeque<>(typed); !rest.isEmpty(); ) {
            String word = rest.pop();
            String name = word.startsWith("--") ? word.split("=", 2)[0] : word;
            if (word.equals("--")) {
                words.add(word);
                words.addAll(rest);
                rest.clear();
            } else if (OWN_VALUES.contains(name)) {
                value(word, name, rest);
            } else if (words.isEmpty() && name.equals("--cmd")) {
                words.addAll(withoutOwn(Words.split(value(word, name, rest))));
            } else if (!OWN_FLAGS.contains(word) && !(words.isEmpty() && word.equals("--version"))) {
                words.add(word);
            }
        }
        return words;
    }

    private static String value(String word, String name, Deque<String> rest) {
        if (!word.equals(name)) {
            return word.substring(name.length() + 1);
        }
        if (rest.isEmpty()) {
            throw usage(name + " needs a value");
        }
        return rest.pop();
    }

    private static ProblemException usage(String detail) {
        return new ProblemException(Problem.usage(detail));
    }
}
