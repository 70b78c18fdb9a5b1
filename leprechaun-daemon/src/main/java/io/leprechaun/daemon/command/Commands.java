package io.leprechaun.daemon.command;

import io.leprechaun.api.Form;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.command.access.TokenView;
import io.leprechaun.daemon.command.event.EventsCommand;
import io.leprechaun.daemon.lifecycle.Wiring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * The registrators of the verbs, made from the list and the classes of this package and of those below it. Immutable.
 */
public final class Commands {
    private final Wiring wiring;

    /** @param parts the parts from which the commands are made */
    public Commands(List<Object> parts) {
        this.wiring = new Wiring(List.of(Commands.class, TokenView.class, EventsCommand.class), parts);
    }

    private record CommandService(String name, List<Handler> handlers) implements Registrator {}

    /** Returns the registrators of all commands. */
    public List<Registrator> all() {
        return registrators(form -> true);
    }

    /** Returns the registrators of the commands for one user. */
    public List<Registrator> forOwners() {
        return registrators(Form::isForOwners);
    }

    private List<Registrator> registrators(Predicate<Form> wanted) {
        var handlers = new LinkedHashMap<String, List<Handler>>();
        for (Verb verb : Verbs.routed()) {
            for (Form form : verb.forms()) {
                form.route()
                        .filter(route -> wanted.test(form))
                        .ifPresent(route -> handlers.computeIfAbsent(route.registrator(), name -> new ArrayList<>())
                                .add(handler(verb, form)));
            }
        }
        return handlers.entrySet().stream()
                .<Registrator>map(entry -> new CommandService(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    /** Returns the command that handles a form of a verb. */
    public Handler handler(Verb verb, Form form) {
        return Handler.of(form, wiring.make(verb.nameOf(form), Handler.Answer.class));
    }
}
