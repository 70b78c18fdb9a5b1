package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Value;
import java.time.Duration;

/** The keys of {@code auth:} of a hook. {@link Auth} decides which of them a scheme has. */
final class AuthKeys {
    static final KeyTable<Auth> TABLE = new KeyTable<>();

    static final Key<Auth.SchemeName> SCHEME = TABLE.add(
            Key.of("scheme", Types.choice(Auth.SchemeName.class)).says("The form of the proof in a request."));
    static final Key<Value> SECRET =
            TABLE.add(Key.of("secret", Type.asItStands(AuthKeys::secret)).says("The place of the secret."));
    static final Key<Value> SECRETS = TABLE.add(Key.of("secrets", Type.asItStands(AuthKeys::secrets))
            .says("Several secrets during a rotation; each of them is accepted."));
    static final Key<String> HEADER = TABLE.add(Key.of(
                    "header", Type.parsed(Source::headerName, () -> Shape.of(Types.ref("headerName"), "a header")))
            .says("For `hmac`: the header with the proof."));
    static final Key<Macs.Algorithm> ALGORITHM = TABLE.add(Key.of("algorithm", Types.choice(Macs.Algorithm.class))
            .says("For `hmac`: the hash function.")
            .usually(Macs.Algorithm.SHA256));
    static final Key<Macs.Encoding> ENCODING = TABLE.add(Key.of("encoding", Types.choice(Macs.Encoding.class))
            .says("For `hmac`: the encoding of the proof.")
            .usually(Macs.Encoding.HEX));
    static final Key<String> PREFIX = TABLE.add(Key.of("prefix", Types.text())
            .says("For `hmac`: the text before the proof.")
            .unless("nothing"));
    static final Key<SignedText> SIGNED = TABLE.add(Key.of("signed", Type.parsed(SignedText::parse, () -> Types.TEXT))
            .says("For `hmac`: the text that is signed, with {body} once, and {header:NAME} for each signed header.")
            .unless("the body"));
    static final Key<String> USER = TABLE.add(
            Key.of("user", Type.parsed(AuthKeys::user, () -> Types.TEXT)).says("For `basic`: the user's name."));
    static final Key<Duration> TOLERANCE =
            TABLE.add(Key.of("tolerance", Types.duration(Duration.ofSeconds(1), Duration.ofDays(1)))
                    .says("The limit on the difference between the time of the signature and the clock.")
                    .usually(Duration.ofMinutes(5)));

    private AuthKeys() {}

    /** Returns the section of these keys. */
    static Type<MappingReader> section() {
        return Types.section("""
            {"type": "object", "properties": "@", "required": ["scheme"], "additionalProperties": false,
             "oneOf": [{"required": ["secret"]}, {"required": ["secrets"]}],
             "allOf": [{"if": {"properties": {"scheme": {"const": "hmac"}}}, "then": {"required": ["header"]}},
                       {"if": {"properties": {"scheme": {"const": "basic"}}}, "then": {"required": ["user"]}}]}
            """, () -> TABLE);
    }

    private static Shape secret() {
        return Shape.of(Types.ref("anySecret"), "a secret");
    }

    private static Shape secrets() {
        return Shape.of(
                "{\"type\": \"array\", \"items\": " + Types.ref("anySecret") + ", \"minItems\": 1}",
                "a list of secrets");
    }

    private static String user(String text) {
        if (text.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a colon is not allowed in a user's name (RFC 7617)");
        }
        return text;
    }
}
