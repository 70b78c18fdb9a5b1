package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.TestRecipes;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A delivery under construction, and the policy it is checked against. */
final class Deliveries {
    private final Map<String, List<String>> headers = new HashMap<>();
    private String method = "POST";
    private String query = "";
    private byte[] body = new byte[0];
    private InetAddress from = InetAddress.ofLiteral("192.0.2.7");
    private Instant at = Instant.parse("2026-11-27T12:00:00Z");

    static Deliveries body(String body) {
        return body(body.getBytes(StandardCharsets.UTF_8));
    }

    static Deliveries body(byte[] body) {
        var delivery = new Deliveries();
        delivery.body = body;
        return delivery;
    }

    /** @param value in UTF-8 on the wire */
    Deliveries header(String name, String value) {
        String wire = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        headers.put(name.toLowerCase(Locale.ROOT), List.of(wire));
        return this;
    }

    Deliveries rawHeader(String name, String value) {
        headers.put(name.toLowerCase(Locale.ROOT), List.of(value));
        return this;
    }

    Deliveries method(String other) {
        method = other;
        return this;
    }

    Deliveries query(String raw) {
        query = raw;
        return this;
    }

    Deliveries from(String address) {
        from = InetAddress.ofLiteral(address);
        return this;
    }

    Deliveries at(long epochSeconds) {
        at = Instant.ofEpochSecond(epochSeconds);
        return this;
    }

    Delivery made() {
        return new Delivery(method, headers, query, new Body.Held(body), from, at);
    }

    /** Returns the policy of a recipe with these lines below {@code hook:}. */
    static HookPolicy policy(String... lines) {
        String text = "definition: hook\nid: long-enough\nsteps: [ 'true' ]\n"
                + (lines.length == 0 ? "" : "hook:\n  " + String.join("\n  ", lines) + "\n");
        return TestRecipes.of("deploy", text)
                .trigger(Trigger.Hook.class)
                .orElseThrow()
                .policy();
    }
}
