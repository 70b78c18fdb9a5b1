package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The proof that a sender has to give.
 *
 * @param secrets the secrets, any of which is accepted, at least one: several while one replaces another
 */
public record Auth(Scheme scheme, List<SecretSource> secrets) {
    public Auth {
        secrets = List.copyOf(secrets);
    }

    /** The values of {@code scheme}. */
    enum SchemeName {
        GITHUB,
        GITLAB,
        STANDARD_WEBHOOKS,
        STRIPE,
        HMAC,
        BEARER,
        BASIC
    }

    /** Reads a section and notes errors in it. */
    static Optional<Auth> read(MappingReader fields) {
        if (!fields.has("scheme")) {
            fields.wrong("`scheme` is missing; add it, such as scheme: github");
        }
        Optional<Scheme> scheme = AuthKeys.SCHEME.read(fields).flatMap(kind -> scheme(kind, fields));
        List<SecretSource> secrets = secrets(fields);
        if (scheme.isPresent()) {
            fields.done();
        }
        return secrets.isEmpty() ? Optional.empty() : scheme.map(known -> new Auth(known, secrets));
    }

    private static Optional<Scheme> scheme(SchemeName kind, MappingReader fields) {
        return switch (kind) {
            case GITHUB -> Optional.of(Scheme.Signature.GITHUB);
            case GITLAB -> Optional.of(Scheme.Token.GITLAB);
            case STANDARD_WEBHOOKS -> Optional.of(new Scheme.StandardWebhooks(AuthKeys.TOLERANCE.value(fields)));
            case STRIPE -> Optional.of(new Scheme.Stripe(AuthKeys.TOLERANCE.value(fields)));
            case HMAC -> {
                Optional<String> header = AuthKeys.HEADER.need(fields);
                Macs.Algorithm algorithm = AuthKeys.ALGORITHM.value(fields);
                Macs.Encoding encoding = AuthKeys.ENCODING.value(fields);
                String prefix = AuthKeys.PREFIX.or(fields, "");
                SignedText signed = AuthKeys.SIGNED.or(fields, SignedText.BODY);
                Duration tolerance = AuthKeys.TOLERANCE.value(fields);
                if (fields.has("tolerance") && signed.timeHeader().isEmpty()) {
                    fields.wrong(
                            "tolerance",
                            "`signed` has no header with the time; use {header:NAME} with `timestamp` in its name, or"
                                    + " remove this key");
                }
                yield header.map(name -> new Scheme.Signature(name, algorithm, encoding, prefix, signed, tolerance));
            }
            case BEARER -> Optional.of(Scheme.Token.BEARER);
            case BASIC -> AuthKeys.USER.need(fields).map(Scheme.Token::basic);
        };
    }

    private static List<SecretSource> secrets(MappingReader fields) {
        if (fields.has("secret") == fields.has("secrets")) {
            fields.wrong("missing or ambiguous secret; use `secret: { file: PATH }`, or `secrets:` with several");
            return List.of();
        }
        return fields.has("secret")
                ? fields.secret("secret").flatMap(SecretSource::readAny).stream()
                        .toList()
                : fields.list(
                        "secrets",
                        _ -> {
                            throw new IllegalArgumentException("a secret is not allowed here; use { file: PATH }");
                        },
                        SecretSource::readAny);
    }
}
