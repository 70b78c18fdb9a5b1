package io.leprechaun.daemon.notify;

import java.util.function.Supplier;

/**
 * Somebody who is told.
 *
 * @param name {@code mail}, or a webhook's
 * @param where who that is, for people
 * @param notifier tells what happened
 * @param sender makes one more sender, which tells that this is a test
 */
public record Target(String name, String where, Notifier notifier, Supplier<Notifier.Sender> sender) {}
