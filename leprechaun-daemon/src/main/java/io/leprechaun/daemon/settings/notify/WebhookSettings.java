package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.secret.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A web address that notices are posted to.
 *
 * @param name its name, unique among all targets
 * @param url http or https; shown without its path, because any client that knows the path can post there
 * @param preset the form of the message
 * @param body JSON with placeholders such as {@code {subject}}, in place of the preset's
 * @param token the bearer token; empty: none is sent
 */
public record WebhookSettings(String name, URI url, Preset preset, Optional<String> body, Optional<Secret> token)
        implements TargetSettings {
    /** A placeholder in a body. It stands for a value, spelled as between the quotes of a JSON string. */
    public static final Pattern PLACEHOLDER = Pattern.compile("\\{(subject|text|kind|recipe|run|host)}");

    /** A form of message, by its service. */
    public enum Preset {
        /** Leprechaun's own form: everything, for programs. */
        JSON,
        SLACK,
        TEAMS,
        DISCORD,
        NTFY
    }

    @Override
    public String where() {
        return where(url);
    }

    /** Returns an address without its path, which may not be shown: any client that knows it can post there. */
    public static String where(URI url) {
        return url.getScheme() + "://" + url.getAuthority();
    }

    @Override
    public String toString() {
        return name + " at " + where();
    }
}
