package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.secret.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A web address that is told.
 *
 * @param name what it is called, unique among all that are told
 * @param url http or https; whoever knows it may write there, so it is shown without its path
 * @param preset what stands at that address
 * @param body JSON with placeholders such as {@code {subject}}, in place of what the preset says
 * @param token sent as a bearer's
 */
public record WebhookSettings(String name, URI url, Preset preset, Optional<String> body, Optional<Secret> token)
        implements TargetSettings {
    /** What in a body stands for a part of what is told, as what is between the quotes of a JSON string. */
    public static final Pattern PLACEHOLDER = Pattern.compile("\\{(subject|text|kind|recipe|run|host)}");

    /** Whose form of message it is. */
    public enum Preset {
        /** Our own: everything, for programs. */
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

    /** What of an address may be shown: who knows its path may write there. */
    public static String where(URI url) {
        return url.getScheme() + "://" + url.getAuthority();
    }

    @Override
    public String toString() {
        return name + " at " + where();
    }
}
