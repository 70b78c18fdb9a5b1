package io.leprechaun.daemon.desk;

import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The agents that commands may pause and resume.
 *
 * @param services the services, whose names are never taken for a recipe's; none for the commands of one user
 * @param isAll whether {@code all} means every agent, and not a recipe
 */
public record AgentServices(List<Service> services, boolean isAll) {
    /** The name of the commands' operand. */
    public static final String OPERAND = "RECIPE, AGENT or all";

    private static final String ALL = "all";

    /** The services for the commands of one user, who may pause only his own recipes, one by one. */
    public static final AgentServices NONE = new AgentServices(List.of(), false);

    /** Returns whether a word means every agent. */
    public boolean means(String named) {
        return isAll && named.equals(ALL);
    }

    /** Returns an agent by its name. */
    public Optional<Service> find(String name) {
        return services.stream().filter(service -> service.name().equals(name)).findFirst();
    }

    /** Returns all words that mean one agent or every agent. */
    public List<String> words() {
        return Stream.concat(services.stream().map(Service::name), isAll ? Stream.of(ALL) : Stream.empty())
                .toList();
    }

    /** Applies a command to all agents except those that are stopped. */
    public Reply each(Function<Service, Reply.Document> command) {
        var told = services.stream()
                .map(service -> service.status() == Status.STOPPED
                        ? Reply.of(
                                Map.of("agent", service.name(), "status", Status.STOPPED.word()),
                                Text.line(service.name() + " is stopped"))
                        : command.apply(service))
                .toList();
        return Reply.of(
                Map.of("agents", told.stream().map(Reply.Document::data).toList()),
                screen -> told.stream().map(one -> one.text().render(screen)).collect(Collectors.joining()));
    }
}
