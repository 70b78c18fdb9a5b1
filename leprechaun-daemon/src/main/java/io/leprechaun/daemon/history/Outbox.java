package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.NoticeEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Notices that wait to be sent, kept until they were. Thread-safe. */
public interface Outbox {
    /** Keeps something that is to be told, and that no single run tells; the future completes as the others do. */
    CompletableFuture<Void> tell(NoticeEvent kind, Notice.About.Alert found, List<String> targets);

    /** Keeps that a run has begun, for the address that its recipe pings. What is still to go there of runs that were accepted over ten minutes before it is forgotten. */
    CompletableFuture<Void> begun(Run run);

    /** Notices that were not sent to a target yet, the oldest first, at most so many. */
    List<Notice> unsent(String target, int limit);

    /** Keeps that notices were sent; the future completes as the {@link RunStore}'s do. */
    default CompletableFuture<Void> sent(List<Long> notices) {
        return sent(notices, List.of());
    }

    /** Keeps that notices were sent, but not to these: to whom was refused for now they are still to go, to the others they are given up. */
    CompletableFuture<Void> sent(List<Long> notices, List<Refusal> refusals);

    /** Keeps that a notice is not tried any more, and why; the newest thousand of those stay to be looked at. */
    CompletableFuture<Void> givenUp(long notice, String why);

    /** What waits, and what was given up, the oldest first, at most so many of each. */
    List<OutboxEntry> entries(int limit);

    /** Keeps that people are not told of a recipe, or are again. */
    CompletableFuture<Void> silence(RecipeName recipe, Optional<Mute> silence);

    /** The recipes of which people are not told, those included whose silence is over. */
    Map<RecipeName, Mute> silences();

    /**
     * Somebody for whom a notice was not taken, while it was for others.
     *
     * @param address without blanks
     * @param why in the server's words
     * @param forGood whether it is no use to try again
     */
    record Refusal(String address, String why, boolean forGood) {}

    /**
     * A notice and what became of it.
     *
     * @param target to whom it is to go
     * @param givenUp why it is not tried any more; empty: it waits
     */
    record OutboxEntry(Notice notice, String target, Optional<String> givenUp) {}
}
