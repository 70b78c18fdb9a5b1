package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import java.util.List;
import java.util.Optional;

/** A target of notices as commands see it. */
public interface NoticeTarget {
    /** Returns its name in the settings. */
    String name();

    /** Returns the address in a readable form. */
    String where();

    /** Returns the reason why a notice was not sent yet, if known. */
    Optional<String> trouble(long notice);

    /** Sends a notice at once, before any that wait. */
    Sent send(Notice notice);

    /**
     * The answer of the other side.
     *
     * @param why the reason for which no address received the notice; empty: it was sent
     * @param refusals the addresses that were refused while others were accepted
     */
    record Sent(Optional<String> why, List<Outbox.Refusal> refusals) {
        public Sent {
            refusals = List.copyOf(refusals);
        }

        /** Returns whether the notice was accepted for each address. */
        public boolean isTaken() {
            return why.isEmpty() && refusals.isEmpty();
        }
    }
}
