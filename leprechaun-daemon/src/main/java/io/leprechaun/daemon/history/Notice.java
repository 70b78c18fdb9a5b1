package io.leprechaun.daemon.history;

import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.NoticeEvent;
import java.time.Instant;
import java.util.List;

/**
 * Something that people are to be told, kept until it was sent.
 *
 * @param id from 1
 * @param kind what it tells of
 * @param left to whom alone it is still to go, as others were told; empty: to all
 */
public record Notice(long id, NoticeEvent kind, About about, List<String> left) {
    public Notice {
        left = List.copyOf(left);
    }

    /** A notice that goes to all. */
    public Notice(long id, NoticeEvent kind, About about) {
        this(id, kind, about, List.of());
    }

    /** A notice of how a run ended. */
    public Notice(long id, NoticeEvent kind, Run run) {
        this(id, kind, new About.RunEnded(run));
    }

    /** What there is to tell. */
    public sealed interface About {
        /** How a run ended. */
        record RunEnded(Run run) implements About {}

        /**
         * What no single run tells.
         *
         * @param at when it was found
         */
        record Alert(String sentence, Instant at) implements About {}
    }

    /** When what it tells happened. */
    public Instant at() {
        return switch (about) {
            case About.RunEnded(Run run) ->
                run.times().endedAt().orElse(run.times().queuedAt());
            case About.Alert found -> found.at();
        };
    }

    /** What it tells in a sentence. */
    public String sentence() {
        return switch (about) {
            case About.RunEnded(Run run) -> run.sentence();
            case About.Alert found -> found.sentence();
        };
    }

    /** What it is called in the log: {@code FAILURE of run 42}. */
    public String name() {
        return switch (about) {
            case About.RunEnded(Run run) -> kind + " of run " + run.id();
            case About.Alert found -> kind + " of " + found.at();
        };
    }
}
