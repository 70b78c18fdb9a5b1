package io.leprechaun.daemon.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The base of the tests of the hook gate. */
abstract class HookGateFixture {
    static final byte[] PUSH = "{\"ref\":\"refs/heads/main\",\"after\":\"c0ffee\"}".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    final Installation place;

    HookGateFixture(Installation place) {
        this.place = place;
    }

    static byte[] hmac(String secret, byte[] text) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal(text);
    }

    Path secret(String name, String value) throws Exception {
        return Files.writeString(place.folder().resolve(name), value + "\n");
    }

    Installation deploy(String... hook) {
        return place.recipe(
                "deploy",
                "definition: hook\nid: deploy-hook-id\nhook:\n  " + String.join("\n  ", hook)
                        + "\nsteps: [ 'echo $LEPRECHAUN_PARAM_BRANCH >> ran' ]\n");
    }

    String ran() {
        return Installation.text(place.work().resolve("ran"));
    }

    static String[] headers(String signed, String proof, String... others) {
        return Stream.concat(Stream.of(signed, proof), Stream.of(others)).toArray(String[]::new);
    }
}
