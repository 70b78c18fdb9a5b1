package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import java.util.List;
import java.util.Optional;

/** A target of notices, as far as commands report and test it. */
public interface NoticeTarget {
    /** Its name in the settings. */
    String name();

    /** The address, for people. */
    String where();

    /** Why a notice has not gone out yet, if that is known. */
    Optional<String> trouble(long notice);

    /** Sends a notice at once, whatever waits. */
    Sent send(Notice notice);

    /**
     * The answer of the other side.
     *
     * @param why the notice was sent to none; empty: it was sent
     * @param refusals addresses that alone were refused
     */
    record Sent(Optional<String> why, List<Outbox.Refusal> refusals) {
        public Sent {
            refusals = List.copyOf(refusals);
        }

        /** Whether the notice was taken for each address. */
        public boolean isTaken() {
            return why.isEmpty() && refusals.isEmpty();
        }
    }
}
