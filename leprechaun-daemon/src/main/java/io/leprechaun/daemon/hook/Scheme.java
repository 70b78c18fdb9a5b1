package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.units.Durations;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A method by which a sender proves that it knows a secret. */
public sealed interface Scheme {
    /** The prefix of the secrets of some services; Base64 of the key follows. */
    String SECRET_PREFIX = "whsec_";

    /** The prefix of the hash of a body that alone is signed. */
    String BODY_NAME = "sha256:";

    /**
     * Returns whether a secret is a key. One of blanks and padding alone, with or without a prefix, is an empty key in
     * another spelling and proves nothing.
     */
    static boolean isKey(Secret secret) {
        String value = secret.value().strip();
        String key = value.startsWith(SECRET_PREFIX) ? value.substring(SECRET_PREFIX.length()) : value;
        return key.codePoints()
                .anyMatch(c -> c != '='
                        && !Character.isWhitespace(c)
                        && !Character.isSpaceChar(c)
                        && !Character.isISOControl(c)
                        && Character.getType(c) != Character.FORMAT);
    }

    /**
     * Returns a name for the text that the proof of a delivery covers, where it covers no id: the proof is then valid
     * under another id, too.
     *
     * @param bodyHash returns the SHA-256 of the body
     * @return empty: the proof covers the id, or nothing of the delivery
     */
    default Optional<String> replayName(Delivery delivery, Supplier<String> bodyHash) {
        return Optional.empty();
    }

    /**
     * Returns the error in a delivery's proof, in words that reveal nothing; empty: one of the secrets fits. Every
     * secret is tried, even after one that fits.
     */
    Optional<String> complaint(Delivery delivery, List<Secret> secrets);

    /**
     * An HMAC in a header, of the body or of a text with the body in it: GitHub's (docs.github.com, "Validating webhook
     * deliveries"), Slack's (docs.slack.dev, "Verifying requests from Slack") and that of many others.
     *
     * @param prefix the text before the HMAC
     * @param tolerance the largest difference between the time in the signed text and the clock
     */
    record Signature(
            String header,
            Macs.Algorithm algorithm,
            Macs.Encoding encoding,
            String prefix,
            SignedText signed,
            Duration tolerance)
            implements Scheme {
        static final Signature GITHUB = new Signature(
                "X-Hub-Signature-256",
                Macs.Algorithm.SHA256,
                Macs.Encoding.HEX,
                "sha256=",
                SignedText.BODY,
                Duration.ZERO);

        @Override
        public Optional<String> complaint(Delivery delivery, List<Secret> secrets) {
            String given = delivery.rawHeader(header).orElse("");
            byte[] before = signed.before(delivery);
            byte[] after = signed.after(delivery);
            boolean fits = false;
            for (Secret secret : secrets) {
                String expected =
                        prefix + encoding.write(Macs.hmac(algorithm, bytes(secret), before, delivery.body(), after));
                fits |= Macs.isEqual(given, expected);
            }
            boolean isKnown = fits;
            Optional<String> missing = signed.missing(delivery);
            return missing.map(name -> "the header " + name + " is missing")
                    .or(() -> refusal(isKnown, given, header))
                    .or(() -> signed.timeHeader()
                            .flatMap(name ->
                                    late(delivery, delivery.rawHeader(name).orElse(""), tolerance)));
        }

        @Override
        public Optional<String> replayName(Delivery delivery, Supplier<String> bodyHash) {
            if (signed.isBody()) {
                return Optional.of(BODY_NAME + bodyHash.get());
            }
            var hash = BodyFolder.sha256();
            hash.update(signed.before(delivery));
            hash.update(bodyHash.get().getBytes(StandardCharsets.US_ASCII));
            hash.update(signed.after(delivery));
            return Optional.of("signed:" + HexFormat.of().formatHex(hash.digest()));
        }
    }

    /**
     * The secret itself in a header: in GitLab's {@code X-Gitlab-Token}, or in {@code Authorization} (RFC 7617, RFC
     * 6750).
     */
    record Token(String header, Optional<String> word, Optional<String> user) implements Scheme {
        static final Token GITLAB = new Token("X-Gitlab-Token", Optional.empty(), Optional.empty());
        static final Token BEARER = new Token("Authorization", Optional.of("Bearer"), Optional.empty());

        static Token basic(String user) {
            return new Token("Authorization", Optional.of("Basic"), Optional.of(user));
        }

        @Override
        public Optional<String> complaint(Delivery delivery, List<Secret> secrets) {
            Macs.likeOne(delivery.body());
            String given = delivery.rawHeader(header).orElse("");
            String token = word.isEmpty() ? given : behind(word.get(), given);
            boolean fits = false;
            for (Secret secret : secrets) {
                fits |= Macs.isEqual(token, expected(secret));
            }
            return refusal(fits, given, header);
        }

        /**
         * Returns a name for GitLab's token, which comes with the body of an event. The other tokens come with any text
         * that a sender likes.
         */
        @Override
        public Optional<String> replayName(Delivery delivery, Supplier<String> bodyHash) {
            return equals(GITLAB) ? Optional.of(BODY_NAME + bodyHash.get()) : Optional.empty();
        }

        private String expected(Secret secret) {
            byte[] text = user.map(name -> (name + ":" + secret.value()).getBytes(StandardCharsets.UTF_8))
                    .orElseGet(() -> bytes(secret));
            return user.isPresent()
                    ? Base64.getEncoder().encodeToString(text)
                    : new String(text, StandardCharsets.ISO_8859_1); // as headers are held
        }

        /**
         * Returns the text after the scheme's word, which may be written in small or capital letters (RFC 9110, 11.1).
         */
        private static String behind(String word, String given) {
            return given.regionMatches(true, 0, word + " ", 0, word.length() + 1)
                    ? given.substring(word.length() + 1).strip()
                    : "";
        }
    }

    /**
     * The scheme of Standard Webhooks (standardwebhooks.com): the HMAC of id, time and body. Its headers are
     * {@code webhook-…}. Where none of these is there, they are those of its origin, Svix: {@code svix-…}.
     *
     * @param tolerance the largest difference between the signed time and the clock
     */
    record StandardWebhooks(Duration tolerance) implements Scheme {
        @Override
        public Optional<String> complaint(Delivery delivery, List<Secret> secrets) {
            String signed = header(delivery, "signature");
            String id = delivery.rawHeader(header(delivery, "id")).orElse("");
            String time = delivery.rawHeader(header(delivery, "timestamp")).orElse("");
            String given = delivery.rawHeader(signed).orElse("");
            byte[] head = (id + "." + time + ".").getBytes(StandardCharsets.ISO_8859_1);
            boolean fits = false;
            for (Secret secret : secrets) {
                String expected = "v1,"
                        + Macs.Encoding.BASE64.write(
                                Macs.hmac(Macs.Algorithm.SHA256, key(secret), head, delivery.body(), Macs.NOTHING));
                for (String signature : given.split(" ", -1)) {
                    fits |= Macs.isEqual(signature, expected);
                }
            }
            return refusal(fits && !id.isEmpty(), given, signed).or(() -> late(delivery, time, tolerance));
        }

        /** Returns the name of a header in a delivery, all three of one kind. */
        static String header(Delivery delivery, String name) {
            boolean svix = delivery.rawHeader("svix-signature").isPresent()
                    && Stream.of("id", "timestamp", "signature")
                            .allMatch(part ->
                                    delivery.rawHeader("webhook-" + part).isEmpty());
            return (svix ? "svix-" : "webhook-") + name;
        }

        private static byte[] key(Secret secret) {
            if (secret.value().startsWith(SECRET_PREFIX)) {
                try {
                    return Base64.getDecoder().decode(secret.value().substring(SECRET_PREFIX.length()));
                } catch (IllegalArgumentException e) {
                    return bytes(secret); // not Base64: taken as it stands
                }
            }
            return bytes(secret);
        }
    }

    /**
     * The scheme of Stripe (docs.stripe.com, "Verify webhook signatures manually"): the HMAC of time and body.
     *
     * @param tolerance the largest difference between the signed time and the clock
     */
    record Stripe(Duration tolerance) implements Scheme {
        private static final String HEADER = "Stripe-Signature";

        @Override
        public Optional<String> complaint(Delivery delivery, List<Secret> secrets) {
            String given = delivery.rawHeader(HEADER).orElse("");
            String time = "";
            var signatures = new ArrayList<String>();
            for (String part : given.split(",", -1)) {
                if (part.startsWith("t=")) {
                    time = part.substring(2);
                } else if (part.startsWith("v1=")) {
                    signatures.add(part.substring(3));
                }
            }
            byte[] head = (time + ".").getBytes(StandardCharsets.ISO_8859_1);
            boolean fits = false;
            for (Secret secret : secrets) {
                String expected = Macs.Encoding.HEX.write(
                        Macs.hmac(Macs.Algorithm.SHA256, bytes(secret), head, delivery.body(), Macs.NOTHING));
                for (String signature : signatures) {
                    fits |= Macs.isEqual(signature, expected);
                }
            }
            String signed = time;
            return refusal(fits, given, HEADER).or(() -> late(delivery, signed, tolerance));
        }
    }

    private static byte[] bytes(Secret secret) {
        return secret.value().getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> refusal(boolean fits, String given, String header) {
        if (fits) {
            return Optional.empty();
        }
        return Optional.of(
                given.isEmpty() ? "the header " + header + " is missing" : "the header " + header + " does not match");
    }

    /**
     * Returns the refusal of a delivery whose signing time is too far from the clock: a stranger may have captured it
     * and sent it again.
     */
    private static Optional<String> late(Delivery delivery, String time, Duration tolerance) {
        try {
            Instant sent = Instant.ofEpochSecond(Long.parseLong(time));
            Duration apart = Duration.between(sent, delivery.at()).abs();
            return apart.compareTo(tolerance) <= 0
                    ? Optional.empty()
                    : Optional.of("the signature's time differs by more than " + Durations.format(tolerance)
                            + ": it is old, or one of the two clocks is wrong");
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return Optional.of("invalid time of the signature");
        }
    }
}
