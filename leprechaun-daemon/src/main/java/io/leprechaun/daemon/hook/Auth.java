package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.settings.SecretSource;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who may send.
 *
 * @param secrets any of which will do, at least one: several while one takes the place of another
 */
public record Auth(Scheme scheme, List<SecretSource> secrets) {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    public Auth {
        secrets = List.copyOf(secrets);
    }

    /** What {@code scheme} may name. */
    private enum Kind {
        GITHUB,
        GITLAB,
        STANDARD_WEBHOOKS,
        STRIPE,
        HMAC,
        BEARER,
        BASIC
    }

    /** What a section says; what is wrong with it is noted. */
    static Optional<Auth> read(MappingReader fields) {
        if (!fields.has("scheme")) {
            fields.wrong("`scheme` is missing; add it, scheme: github for example");
        }
        Optional<Scheme> scheme = fields.choice("scheme", Kind.class).flatMap(kind -> scheme(kind, fields));
        List<SecretSource> secrets = secrets(fields);
        if (scheme.isPresent()) {
            fields.done();
        }
        return secrets.isEmpty() ? Optional.empty() : scheme.map(known -> new Auth(known, secrets));
    }

    private static Optional<Scheme> scheme(Kind kind, MappingReader fields) {
        return switch (kind) {
            case GITHUB -> Optional.of(Scheme.Signature.GITHUB);
            case GITLAB -> Optional.of(Scheme.Token.GITLAB);
            case STANDARD_WEBHOOKS -> Optional.of(new Scheme.StandardWebhooks(tolerance(fields)));
            case STRIPE -> Optional.of(new Scheme.Stripe(tolerance(fields)));
            case HMAC -> {
                Optional<String> header = fields.need("header", Source::headerName);
                var algorithm = fields.choice("algorithm", Macs.Algorithm.class).orElse(Macs.Algorithm.SHA256);
                var encoding = fields.choice("encoding", Macs.Encoding.class).orElse(Macs.Encoding.HEX);
                String prefix = fields.text("prefix").orElse("");
                var signed = fields.read("signed", SignedText::parse).orElse(SignedText.BODY);
                Duration tolerance = tolerance(fields);
                if (fields.has("tolerance") && signed.timeHeader().isEmpty()) {
                    fields.wrong(
                            "tolerance",
                            "`signed` names no header with the time; write {header:NAME} with `timestamp` in its name,"
                                    + " or remove this");
                }
                yield header.map(name -> new Scheme.Signature(name, algorithm, encoding, prefix, signed, tolerance));
            }
            case BEARER -> Optional.of(Scheme.Token.BEARER);
            case BASIC ->
                fields.need("user", text -> {
                            if (text.indexOf(':') >= 0) {
                                throw new IllegalArgumentException("a user's name holds no colon (RFC 7617)");
                            }
                            return text;
                        })
                        .map(Scheme.Token::basic);
        };
    }

    private static Duration tolerance(MappingReader fields) {
        return fields.duration("tolerance", Duration.ofSeconds(1), Duration.ofDays(1))
                .orElse(TOLERANCE);
    }

    private static List<SecretSource> secrets(MappingReader fields) {
        if (fields.has("secret") == fields.has("secrets")) {
            fields.wrong("say once where the secret lies: `secret: { file: PATH }`, or `secrets:` with several");
            return List.of();
        }
        return fields.has("secret")
                ? fields.secret("secret").flatMap(SecretSource::readAny).stream()
                        .toList()
                : fields.list(
                        "secrets",
                        _ -> {
                            throw new IllegalArgumentException(
                                    "a secret is not written here; say where it lies: { file: PATH }");
                        },
                        SecretSource::readAny);
    }
}
