package io.leprechaun.daemon.notify;

import java.util.function.Supplier;

/**
 * A target of notices that is at work.
 *
 * @param name its name in the settings, or {@code ping}
 * @param where its address, for people
 * @param notifier the thread that sends its notices
 * @param sender the supplier of one more sender, for a test notice
 */
public record Target(String name, String where, Notifier notifier, Supplier<Notifier.Sender> sender) {}
