package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.notify.Message;
import io.leprechaun.daemon.notify.OutputExcerpt;
import io.leprechaun.daemon.notify.Summary;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.WebhookSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The body for a webhook, as JSON in the form that its service takes. Nothing in it is a command to the service. */
final class WebhookBody {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The longest text, in characters: services refuse longer messages, or make a file of them. */
    private static final int SLACK = 3_000;

    private static final int TEAMS = 20_000;
    private static final int DISCORD = 1_900;
    private static final int NTFY = 3_500;

    private final String host;

    WebhookBody(String host) {
        this.host = host;
    }

    /** Returns the body for notices. */
    String of(WebhookSettings webhook, List<Notice> notices, Message message) {
        if (webhook.body().isPresent()) {
            return filled(webhook.body().get(), notices, message);
        }
        return JSON.writeValueAsString(
                switch (webhook.preset()) {
                    case JSON -> all(notices, message);
                    case SLACK ->
                        Map.of(
                                "text",
                                "*" + slack(message.subject()) + "*\n```" + slack(cut(message.text(), SLACK)) + "```");
                    case TEAMS -> teams(message);
                    case DISCORD ->
                        Map.of(
                                "content",
                                "**" + message.subject() + "**\n```\n"
                                        + cut(message.text(), DISCORD).replace("```", "'''") + "```",
                                "allowed_mentions",
                                Map.of("parse", List.of()));
                    case NTFY -> ntfy(webhook, notices, message);
                });
    }

    private Map<String, ?> all(List<Notice> notices, Message message) {
        var body = new LinkedHashMap<String, @Nullable Object>(Summary.of(host, notices, message));
        var each = new ArrayList<Map<String, ?>>();
        for (Notice notice : notices) {
            var one = new LinkedHashMap<String, @Nullable Object>();
            one.put("kind", notice.kind().word());
            one.put("sentence", notice.sentence());
            if (notice.about() instanceof Notice.About.RunEnded(Run run)) {
                one.put("recipe", run.order().recipe().value());
                one.put("run", run.id());
                one.put("state", run.state().word());
                one.put("exit_code", run.exitCode().orElse(null));
            }
            each.add(one);
        }
        body.put("notices", each);
        return body;
    }

    /**
     * Returns a template with its placeholders filled in: each value is spelled as between the quotes of a JSON string.
     */
    private String filled(String template, List<Notice> notices, Message message) {
        var values = Summary.of(host, notices, message);
        return WebhookSettings.PLACEHOLDER.matcher(template).replaceAll(found -> {
            String quoted = JSON.writeValueAsString(values.get(found.group(1)));
            return Matcher.quoteReplacement(quoted.substring(1, quoted.length() - 1));
        });
    }

    /** Returns an adaptive card, which a workflow of Teams takes. */
    private static Map<String, ?> teams(Message message) {
        var title = Map.of("type", "TextBlock", "text", message.subject(), "weight", "bolder", "wrap", true);
        var text = Map.of(
                "type",
                "TextBlock",
                "text",
                cut(message.text(), TEAMS).replace("\n", "\n\n"),
                "fontType",
                "monospace",
                "wrap",
                true);
        var card = Map.of("type", "AdaptiveCard", "version", "1.4", "body", List.of(title, text));
        return Map.of(
                "type",
                "message",
                "attachments",
                List.of(Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", card)));
    }

    /** Returns a message to the server's root, with the topic that the address ends with. */
    private static Map<String, ?> ntfy(WebhookSettings webhook, List<Notice> notices, Message message) {
        boolean bad = message.tone() == Message.Tone.BAD;
        String path = webhook.url().getPath();
        return Map.of(
                "topic",
                path.substring(path.lastIndexOf('/') + 1),
                "title",
                message.subject(),
                "message",
                cut(message.text(), NTFY),
                "priority",
                bad ? 4 : 3,
                "tags",
                notices.stream().map(notice -> notice.kind().word()).distinct().toList());
    }

    private static String slack(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("```", "'''");
    }

    private static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)) + "\n" + OutputExcerpt.GAP + "\n";
    }
}
