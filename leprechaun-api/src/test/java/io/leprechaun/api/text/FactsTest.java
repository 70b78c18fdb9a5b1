package io.leprechaun.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FactsTest {
    @Test
    void values_stand_below_each_other() {
        var facts = Facts.none()
                .and("status", "started", Style.GOOD)
                .and("running", 1)
                .and("note", "");
        assertThat(facts.render(Screen.PLAIN)).isEqualTo("status:   started\nrunning:  1\nnote:\n");
        assertThat(facts.render(new Screen(20, true)))
                .isEqualTo("status:   \u001b[32mstarted\u001b[0m\nrunning:  1\nnote:\n");
    }

    @Test
    void a_value_cannot_drive_the_terminal() {
        assertThat(Facts.none().and("x", "\u001b[2J").render(Screen.PLAIN)).isEqualTo("x:  \\e[2J\n");
    }
}
