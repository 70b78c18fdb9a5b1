package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.settings.WebhookSettings.Preset;
import io.leprechaun.daemon.units.WebAddress;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code notify.webhooks}. */
final class WebhookReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");

    private final Secrets secrets;
    private final Problems problems;

    WebhookReader(Secrets secrets, Problems problems) {
        this.secrets = secrets;
        this.problems = problems;
    }

    /** The webhooks of a section; those with a mistake are left out, which is noted. */
    List<WebhookSettings> read(MappingReader section) {
        List<WebhookSettings> all = section.list(
                "webhooks",
                text -> new WebhookSettings(
                        "webhook", WebAddress.parse(text), Preset.JSON, Optional.empty(), Optional.empty()),
                this::webhook);
        var names = new HashSet<String>(Set.of(NotifyRules.MAIL, NotifyRules.COMMAND, NotifyRules.PING));
        for (WebhookSettings webhook : all) {
            if (!names.add(webhook.name())) {
                section.wrong(
                        "webhooks", "'" + webhook.name() + "' is the name of another one; give each its own `name`");
            }
        }
        return all;
    }

    private Optional<WebhookSettings> webhook(MappingReader fields) {
        Preset preset = fields.choice("preset", Preset.class).orElse(Preset.JSON);
        Optional<URI> url = url(fields);
        String name =
                fields.read("name", WebhookReader::name).orElse(preset.name().toLowerCase(Locale.ROOT));
        Optional<String> body = fields.text("body");
        body.filter(text -> !becomesJson(text))
                .ifPresent(_ -> problems.warn(
                        fields.place("body"),
                        "this is no JSON when it is filled in, and services refuse that; put placeholders between"
                                + " quotes: {\"text\": \"{subject}\"}"));
        Optional<Secret> token = fields.has("token") ? secrets.read(fields, "token") : Optional.empty();
        if (!fields.has("url")) {
            problems.error(fields.place(), "`url` is missing; a webhook needs one");
        }
        fields.done();
        return url.map(address -> new WebhookSettings(name, address, preset, body, token));
    }

    private Optional<URI> url(MappingReader fields) {
        Optional<Value> written = fields.value("url");
        Optional<URI> url = written.isPresent() && written.get() instanceof Value.Mapping
                ? secrets.read(fields, "url").flatMap(secret -> hidden(fields, secret))
                : fields.read("url", WebAddress::parse);
        url.filter(address -> address.getScheme().equals("http") && !MailReader.LOOPBACK.contains(address.getHost()))
                .ifPresent(address -> problems.warn(
                        fields.place("url"), "what is told crosses the network unprotected; write https://"));
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

    /** A mistake in an address that is a secret must not show it. */
    private Optional<URI> hidden(MappingReader fields, Secret secret) {
        try {
            return Optional.of(WebAddress.parse(secret.value()));
        } catch (IllegalArgumentException e) {
            problems.error(
                    fields.place("url"),
                    "what lies there is no web address, or one to which nothing is sent; put https://HOST/PATH there");
            return Optional.empty();
        }
    }

    /** An address that is pinged, or where it lies. */
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
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no name; write 1 to 32 letters, digits, _ and -, a letter first");
        }
        return text;
    }
}
