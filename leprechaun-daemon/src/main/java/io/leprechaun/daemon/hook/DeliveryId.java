package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.body.BodyFolder;
import java.util.HexFormat;
import java.util.Optional;

/** The reader of the names by which a repeated delivery is recognised. */
final class DeliveryId {
    /** The place of Stripe's id. */
    static final Source.JsonField STRIPE = new Source.JsonField("id");

    private static final int LONGEST = 255;

    private DeliveryId() {}

    /** Returns the names of a delivery; none where the recipe wants none. */
    static DeliveryKeys of(HookPolicy policy, Delivery delivery) {
        if (policy.dedupe().isEmpty()) {
            return DeliveryKeys.NONE;
        }
        Optional<String> id = id(policy, delivery);
        if (id.filter(text -> text.length() > LONGEST).isPresent()) {
            throw new UnreadableException("the id of the delivery is longer than " + LONGEST + " bytes");
        }
        Optional<String> body =
                policy.auth().flatMap(auth -> auth.scheme().replayName(delivery, () -> digest(delivery.body())));
        return new DeliveryKeys(id, body);
    }

    /**
     * Returns the sender's id. Where the id is signed, no other one is accepted: a stranger could repeat the delivery
     * under another.
     */
    private static Optional<String> id(HookPolicy policy, Delivery delivery) {
        var scheme = policy.auth().map(Auth::scheme);
        if (scheme.filter(Scheme.StandardWebhooks.class::isInstance).isPresent()) {
            return header(delivery, Scheme.StandardWebhooks.header(delivery, "id"));
        }
        if (scheme.filter(Scheme.Stripe.class::isInstance).isPresent()) {
            return STRIPE.find(delivery).map(id -> "stripe " + id);
        }
        return header(delivery, "Idempotency-Key")
                .or(() -> header(delivery, "webhook-id"))
                .or(() -> header(delivery, "svix-id"))
                .or(() -> header(delivery, "X-GitHub-Delivery"))
                .or(() -> header(delivery, "X-Gitlab-Event-UUID").map(event -> event + " " + digest(delivery.body())));
    }

    private static Optional<String> header(Delivery delivery, String name) {
        return delivery.header(name).filter(id -> !id.isBlank());
    }

    /**
     * Returns the hash of a body. GitLab gives related events one id: only with the same body are two the same
     * delivery.
     */
    private static String digest(Body body) {
        return switch (body) {
            case Body.Held(byte[] content) ->
                HexFormat.of().formatHex(BodyFolder.sha256().digest(content));
            case Body.Filed filed -> filed.sha256();
        };
    }
}
