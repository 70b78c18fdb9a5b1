package io.leprechaun.daemon.history;

import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.time.Instant;
import java.util.List;

/**
 * A message to notification targets, kept until it was sent.
 *
 * @param id the number of the notice, from 1
 * @param kind the event that it reports
 * @param left the only addresses that still wait for it, as others received it; empty: it goes to all
 */
public record Notice(long id, NoticeEvent kind, About about, List<String> left) {
    public Notice {
        left = List.copyOf(left);
    }

    /** Creates a notice that goes to all. */
    public Notice(long id, NoticeEvent kind, About about) {
        this(id, kind, about, List.of());
    }

    /** Creates a notice of the end of a run. */
    public Notice(long id, NoticeEvent kind, Run run) {
        this(id, kind, new About.RunEnded(run));
    }

    /** The subject of a notice. */
    public sealed interface About {
        /** The end of a run. */
        record RunEnded(Run run) implements About {}

        /**
         * A fact that does not belong to a single run.
         *
         * @param at the instant at which it was found
         */
        record Alert(String sentence, Instant at) implements About {}
    }

    /** Returns the time of the event that it reports. */
    public Instant at() {
        return switch (about) {
            case About.RunEnded(Run run) ->
                run.times().endedAt().orElse(run.times().queuedAt());
            case About.Alert found -> found.at();
        };
    }

    /** Returns its content in a sentence. */
    public String sentence() {
        return switch (about) {
            case About.RunEnded(Run run) -> run.sentence();
            case About.Alert found -> found.sentence();
        };
    }

    /** Returns its name in the log: {@code FAILURE of run 42}. */
    public String name() {
        return switch (about) {
            case About.RunEnded(Run run) -> kind + " of run " + run.id();
            case About.Alert found -> kind + " of " + found.at();
        };
    }
}
