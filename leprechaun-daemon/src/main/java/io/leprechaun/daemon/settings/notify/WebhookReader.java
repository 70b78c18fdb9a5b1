package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.secret.Secrets;
import io.leprechaun.daemon.settings.notify.WebhookSettings.Preset;
import io.leprechaun.daemon.units.WebAddress;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The keys of an entry of {@code notify.webhooks}, and their reading. */
final class WebhookReader {
    private static final Pattern NAMES = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");

    private static final String URL_PATTERN = "^https?://[^/ ]+";
    private static final KeyTable<WebhookSettings> TABLE = new KeyTable<>();

    private static final Key<String> NAME =
            TABLE.add(Key.of("name", Type.parsed(WebhookReader::name, () -> Types.matching("^" + NAMES + "$", "text")))
                    .says("The name in `leprechaun notices` and in a recipe's `notify: { by: … }`.")
                    .unless("the preset's name"));
    private static final Key<Value> URL = TABLE.add(Key.of("url", Type.asItStands(WebhookReader::address))
            .says("The address that notices are posted to; it is shown without its path."));
    private static final Key<WebhookSettings.Preset> PRESET =
            TABLE.add(Key.of("preset", Types.choice(WebhookSettings.Preset.class))
                    .says("The form of the message; `json` holds everything, for programs.")
                    .usually(WebhookSettings.Preset.JSON));
    private static final Key<String> BODY = TABLE.add(Key.of("body", Type.of(MappingReader::text, WebhookReader::body))
            .says("JSON in place of the preset's, with {subject}, {text}, {kind}, {recipe}, {run} and {host}.")
            .unless("the preset's"));
    private static final Key<Value> TOKEN =
            TABLE.add(Key.of("token", Type.asItStands(() -> Shape.of(Types.ref("secret"), "a secret")))
                    .says("A secret that is sent as `Authorization: Bearer`.")
                    .unless("none"));

    /** The list of webhooks; only {@link WebhookReader} reads it. */
    private static final Key<List<WebhookSettings>> LIST = Key.of(
                    "webhooks",
                    Type.<WebhookSettings>listed((_, _) -> List.of(), WebhookReader::list)
                            .with(() -> TABLE))
            .says("Web addresses that notices are posted to, see [below](#webhooks).")
            .unless("none")
            .example("[{ name: chat, url: \"https://chat.example.org/x\", preset: slack, token: { file:"
                    + " /etc/leprechaun/chat } }]");

    /** The kind of targets for webhooks. */
    static final TargetSettings.Kind KIND = TargetSettings.Kind.named(
            LIST,
            "a webhook's name",
            (section, secrets, problems) -> new WebhookReader(secrets, problems).read(section));

    private final Secrets secrets;
    private final Problems problems;

    private WebhookReader(Secrets secrets, Problems problems) {
        this.secrets = secrets;
        this.problems = problems;
    }

    /** Returns the webhooks of a section. A webhook without a valid address is left out. Errors are noted. */
    private List<WebhookSettings> read(MappingReader section) {
        return section.list(
                LIST.name(),
                text -> new WebhookSettings(
                        "webhook", WebAddress.parse(text), Preset.JSON, Optional.empty(), Optional.empty()),
                this::webhook);
    }

    private Optional<WebhookSettings> webhook(MappingReader fields) {
        Preset preset = PRESET.value(fields);
        Optional<URI> url = url(fields);
        String name = NAME.read(fields).orElse(preset.name().toLowerCase(Locale.ROOT));
        Optional<String> body = BODY.read(fields);
        body.filter(text -> !becomesJson(text))
                .ifPresent(_ -> problems.warn(
                        fields.place("body"),
                        "invalid JSON when filled in, which services refuse; use quotes around placeholders:"
                                + " {\"text\": \"{subject}\"}"));
        Optional<Secret> token = fields.has(TOKEN.name()) ? secrets.read(fields, TOKEN.name()) : Optional.empty();
        if (!fields.has(URL.name())) {
            problems.error(fields.place(), "`url` is missing; add one");
        }
        fields.done();
        return url.map(address -> new WebhookSettings(name, address, preset, body, token));
    }

    private Optional<URI> url(MappingReader fields) {
        Optional<Value> written = URL.read(fields);
        Optional<URI> url = written.isPresent() && written.get() instanceof Value.Mapping
                ? secrets.read(fields, URL.name()).flatMap(secret -> hidden(fields, secret))
                : fields.read("url", WebAddress::parse);
        url.filter(address -> address.getScheme().equals("http") && !MailReader.LOOPBACK.contains(address.getHost()))
                .ifPresent(address -> problems.warn(fields.place("url"), "notices are sent unencrypted; use https://"));
        return url;
    }

    private static boolean becomesJson(String body) {
        try {
            JsonMapper.builder()
                    .build()
                    .readTree(WebhookSettings.PLACEHOLDER.matcher(body).replaceAll("x"));
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Returns the address in a secret. The note of an error in it must not show the secret. */
    private Optional<URI> hidden(MappingReader fields, Secret secret) {
        try {
            return Optional.of(WebAddress.parse(secret.value()));
        } catch (IllegalArgumentException e) {
            problems.error(
                    fields.place("url"),
                    "the secret is not a web address, or is a refused one; use https://HOST/PATH in it");
            return Optional.empty();
        }
    }

    /** Reads an address that is pinged, or the place of one. */
    static Optional<SecretSource> ping(MappingReader fields, String key) {
        Optional<Value> written = fields.value(key);
        if (written.isPresent() && written.get() instanceof Value.Mapping) {
            return fields.section(key).flatMap(SecretSource::read);
        }
        return fields.read(
                key,
                text -> new SecretSource.Inline(new Secret(WebAddress.ping(text).toString())));
    }

    private static String name(String text) {
        if (!NAMES.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "invalid name '" + text + "': use 1 to 32 letters, digits, _ or -, a letter first");
        }
        return text;
    }

    /** Returns the shape of a web address, or of the place of one. */
    static Shape address() {
        return Shape.of(
                "{\"anyOf\": [" + Types.matching(URL_PATTERN, "").schema() + ", " + Types.ref("secret") + "]}",
                "`https://HOST/PATH`, or a secret");
    }

    private static Shape list() {
        return Shape.of(
                        "{\"anyOf\": [" + Types.matching(URL_PATTERN, "").schema() + ", " + Types.ref("webhook") + "]}",
                        "an address, or a map")
                .listed();
    }

    private static Shape body() {
        return Shape.of("{\"type\": \"string\", \"minLength\": 1}", "text");
    }
}
