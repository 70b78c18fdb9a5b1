package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The notices that wait to be sent, kept until they were. Thread-safe. */
public interface Outbox {
    /** Keeps a notice that does not belong to a single run; the future completes as the others do. */
    CompletableFuture<Void> tell(NoticeEvent kind, Notice.About.Alert found, List<String> targets);

    /**
     * Records that a run has begun, for the address that its recipe pings. Unsent pings to it of runs that were
     * accepted over ten minutes earlier are dropped.
     */
    CompletableFuture<Void> begun(Run run);

    /** Returns notices that were not sent to a target yet, oldest first, at most this many. */
    List<Notice> unsent(String target, int limit);

    /** Records that notices were sent; the future completes as the {@link RunStore}'s do. */
    default CompletableFuture<Void> sent(List<Long> notices) {
        return sent(notices, List.of());
    }

    /**
     * Records that notices were sent, except to these addresses: those refused for now are tried again, the others are
     * given up.
     */
    CompletableFuture<Void> sent(List<Long> notices, List<Refusal> refusals);

    /**
     * Records that a notice is not tried any more, with the reason; the newest thousand of those are kept for
     * inspection.
     */
    CompletableFuture<Void> givenUp(long notice, String why);

    /** Returns the notices that wait and those that were given up, oldest first, at most this many of each. */
    List<OutboxEntry> entries(int limit);

    /** Returns the number of notices that wait, by target. */
    Map<String, Long> waiting();

    /** Records the silence of a recipe; empty: its notices are sent again. */
    CompletableFuture<Void> silence(RecipeName recipe, Optional<Mute> silence);

    /** Returns the silences of recipes, including those that have ended. */
    Map<RecipeName, Mute> silences();

    /**
     * An address for which the server refused a notice that it accepted for others.
     *
     * @param address the address, without blanks
     * @param why the reason, in the server's words
     * @param forGood whether further attempts are useless
     */
    record Refusal(String address, String why, boolean forGood) {}

    /**
     * A notice and its state.
     *
     * @param target the target to which it goes
     * @param givenUp the reason why it is not tried any more; empty: it waits
     */
    record OutboxEntry(Notice notice, String target, Optional<String> givenUp) {}
}
