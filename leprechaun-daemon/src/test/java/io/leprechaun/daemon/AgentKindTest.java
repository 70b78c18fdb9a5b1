package io.leprechaun.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.daemon.recipe.reader.Definitions;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import org.junit.jupiter.api.Test;

class AgentKindTest {
    @Test
    void settings_recipes_and_the_client_know_the_agents_of_this_version_in_their_order() {
        Definitions made = AgentKind.definitions(AgentKind.SHIPPED);
        assertThat(made).isEqualTo(Definitions.SHIPPED);
        assertThat(made.agents()).isEqualTo(Settings.AGENTS);
        assertThat(AgentCommands.AGENTS)
                .extracting(AgentCommands.NamedAgent::name)
                .containsExactlyElementsOf(
                        made.agents().stream().map(AgentName::value).toList());
    }
}
