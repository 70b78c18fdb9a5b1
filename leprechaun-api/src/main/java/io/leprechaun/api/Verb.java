package io.leprechaun.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command as users type it. Help, the manual page, completion, routes and parsing are derived from it. Immutable.
 *
 * @param name the name as typed
 * @param synopsis the words after the name; words in capitals are placeholders
 * @param summary one sentence for users; empty: the verb is for programs, and not documented
 * @param options the options of all its forms
 * @param forms the ways to use it; those selected by a word come first
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

    /** Returns a command for programs. */
    static Verb undocumented(String name, List<Option> options, Form form) {
        return new Verb(name, "", "", options, List.of(), form);
    }

    /** Returns whether help, the manual page and completion show the verb. */
    public boolean isDocumented() {
        return !summary.isEmpty();
    }

    /** Returns the documented options. */
    public List<Option> documented() {
        return options.stream().filter(Option::isDocumented).toList();
    }

    /** Returns the form that the arguments select; empty where no form takes them. */
    public Optional<Form> form(List<String> arguments) {
        for (Form form : forms) {
            if (form.isAskedBy(arguments)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** Returns the form of a verb that has only one. */
    public Form form() {
        return forms.getFirst();
    }

    /**
     * Returns the name of one of its forms, which is also the name of its class: {@code hook replay}, {@code next
     * pattern}.
     */
    public String nameOf(Form form) {
        return form.word().isEmpty() ? name : name + " " + form.word().replace("-", "");
    }

    /** Returns the synopsis of each subcommand, {@code replay RUN} for example; empty where the verb has none. */
    public List<String> subcommands() {
        return forms.stream().anyMatch(Form::isSubcommand) ? List.of(synopsis.split(" \\| ", -1)) : List.of();
    }

    /** Returns the usage line: {@code leprechaun run RECIPE} for example. */
    public String usage() {
        return ("leprechaun " + name + " " + synopsis).strip();
    }
}
