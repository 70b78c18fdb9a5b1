package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Recipes come, change and go while the daemon runs. */
@Tag("proof")
@Timeout(180)
class RecipeFolderIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void a_queued_run_uses_the_text_it_was_accepted_with_after_a_restart_too() throws Exception {
        var daemon = place.settings("workers: { max: 1 }")
                .recipe("gate", "steps: [ sleep 600 ]\n")
                .recipe("text", "steps: [ echo old ]\n")
                .start();
        daemon.begin("gate");
        long id = daemon.begin("text");
        daemon.killHard();
        place.recipe("text", "steps: [ echo new ]\n");
        var again = place.start();
        again.over(id);
        assertThat(again.output(id)).isEqualTo("old\n");
    }
}
