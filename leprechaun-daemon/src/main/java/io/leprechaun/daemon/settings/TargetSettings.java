package io.leprechaun.daemon.settings;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A target of notices that the settings name. {@code Targets} of the package {@code notify.delivery} makes its sender.
 */
public sealed interface TargetSettings permits MailSettings, WebhookSettings, CommandSettings {
    /** The kinds of targets, in the order of the documentation: one for each permitted class. */
    List<TargetKind> KINDS = List.of(MailReader.KIND, WebhookReader.KIND, CommandSettings.KIND);

    /**
     * Returns its name in {@code leprechaun notices} and in a recipe's {@code notify: { by: … }}, unique among all
     * targets.
     */
    String name();

    /** Returns its address, for people. */
    String where();

    /**
     * Returns the keys of all kinds, for people.
     *
     * @param conjunction the word before the last one
     */
    static String keys(String conjunction) {
        List<String> keys =
                KINDS.stream().map(kind -> "`" + kind.key().name() + "`").toList();
        return keys.stream().limit(keys.size() - 1).collect(Collectors.joining(", ")) + " " + conjunction + " "
                + keys.getLast();
    }
}
