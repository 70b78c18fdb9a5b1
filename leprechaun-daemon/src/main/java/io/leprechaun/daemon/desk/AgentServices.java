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

/**
 * The agents that commands may pause and resume.
 *
 * @param services a name of theirs is never taken for a recipe's; none where one user is answered
 * @param isAll whether {@code all} means every agent, and no recipe
 */
public record AgentServices(List<Service> services, boolean isAll) {
    /** How the commands call what they take. */
    public static final String OPERAND = "RECIPE, AGENT or all";

    private static final String ALL = "all";

    /** Those of one user, who holds back only his own recipes, one by one. */
    public static final AgentServices NONE = new AgentServices(List.of(), false);

    /** Whether a word means every agent. */
    public boolean means(String named) {
        return isAll && named.equals(ALL);
    }

    /** An agent by its name. */
    public Optional<Service> find(String name) {
        return services.stream().filter(service -> service.name().equals(name)).findFirst();
    }

    /** Does something to all agents but those that are stopped. */
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
