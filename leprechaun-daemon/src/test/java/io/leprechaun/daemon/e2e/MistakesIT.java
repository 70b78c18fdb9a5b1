package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each mistake of a tired administrator is answered with a sentence that says what to do. */
@Timeout(120)
class MistakesIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void an_empty_settings_file_means_the_defaults() throws Exception {
        Files.writeString(place.settingsFile(), "");
        assertThat(place.daemon("--check").code()).isZero();
    }
}
