package io.leprechaun.daemon.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The base of the tests of secrets. */
abstract class SecretsFixture {
    static final String CANARY = "canary-8fK3-zwölf-Qx";

    @RegisterExtension
    final Installation place;

    SecretsFixture(Installation place) {
        this.place = place;
    }

    Installation secret() throws IOException {
        Files.writeString(place.folder().resolve("token"), CANARY + "\n");
        Files.setPosixFilePermissions(place.folder().resolve("token"), PosixFilePermissions.fromString("rw-------"));
        return place;
    }

    String keys() {
        return "secrets: { TOKEN: { file: " + place.folder().resolve("token") + " } }\n";
    }

    static boolean holds(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .contains(new String(CANARY.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false;
        }
    }
}
