package io.leprechaun.daemon.run;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Notices that wait to be sent, kept until they were. Thread-safe. */
public interface Outbox {
    /** Notices that were not sent yet, the oldest first, at most so many. */
    List<Notice> unsent(int limit);

    /** Keeps that a notice was sent; the future completes as the {@link RunStore}'s do. */
    CompletableFuture<Void> sent(long notice);
}
