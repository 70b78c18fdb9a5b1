package io.leprechaun.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command as people know it: help, the manual page, completion, routes and parsing are made of it. Immutable.
 *
 * @param name as typed
 * @param synopsis what follows the name; words in capitals stand for something
 * @param summary one sentence for people; empty: it is for programs, and not documented
 * @param options of all its forms
 * @param forms those selected by a word first
 */
public record Verb(
        String name, String synopsis, String summary, List<Option> options, List<String> examples, List<Form> forms) {
    public Verb {
        List<Option> all = List.copyOf(options);
        options = all;
        examples = List.copyOf(examples);
        var complete = new ArrayList<Form>(forms.size()); // no streams: each start of the client comes here
        for (Form form : forms) {
            complete.add(form.taking(all));
        }
        forms = List.copyOf(complete);
    }

    Verb(String name, String synopsis, String summary, List<Option> options, List<String> examples, Form... forms) {
        this(name, synopsis, summary, options, examples, List.of(forms));
    }

    /** A command for programs. */
    static Verb undocumented(String name, List<Option> options, Form form) {
        return new Verb(name, "", "", options, List.of(), form);
    }

    /** Whether help, the manual page and completion show it. */
    public boolean isDocumented() {
        return !summary.isEmpty();
    }

    /** The options that people are shown. */
    public List<Option> documented() {
        return options.stream().filter(Option::isDocumented).toList();
    }

    /** The form that arguments ask for; empty where none takes them. */
    public Optional<Form> form(List<String> arguments) {
        for (Form form : forms) {
            if (form.isAskedBy(arguments)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** Its only form. */
    public Form form() {
        return forms.getFirst();
    }

    /** The name of one of its forms, which a class has too: {@code hook replay}, {@code next pattern}. */
    public String nameOf(Form form) {
        return form.word().isEmpty() ? name : name + " " + form.word().replace("-", "");
    }

    /** The synopsis of each subcommand, {@code replay RUN} for example; empty where the verb has none. */
    public List<String> subcommands() {
        return forms.stream().anyMatch(Form::isSubcommand) ? List.of(synopsis.split(" \\| ", -1)) : List.of();
    }

    /** What is typed: {@code leprechaun run RECIPE} for example. */
    public String usage() {
        return ("leprechaun " + name + " " + synopsis).strip();
    }
}
