package io.leprechaun.daemon.notify;

import java.util.function.Supplier;

/**
 * A target of notices that is at work.
 *
 * @param name its name in the settings, or {@code ping}
 * @param where its address, for people
 * @param notifier tells what happened
 * @param sender makes one more sender, which tells that this is a test
 */
public record Target(String name, String where, Notifier notifier, Supplier<Notifier.Sender> sender) {}
