package io.leprechaun.daemon.settings.notify;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** An event that leads to a notice. */
public enum NoticeEvent {
    /** A run failed, timed out, or was lost. */
    FAILURE,
    /** The first success after failures that were notified. */
    RECOVERY,
    /** A run succeeded. */
    SUCCESS,
    /** A run was refused: its queue was full, or its recipe is gone. */
    REJECTED,
    /** A due instant started no run because the daemon or the agent was not running. */
    MISSED,
    /** A run was lost, which is a failure too. */
    LOST,
    /** A success took much longer than usual. */
    SLOW,
    /** A success took much less time than usual. */
    FAST,
    /** Several due instants in a row were skipped. */
    SKIPPED,
    /** The daemon itself does not work as it should. Needs no subscription. */
    ALARM,
    /** A run has begun. Goes to the address that its recipe pings. */
    START,
    /** A user tests whether notices arrive. Never kept. */
    TEST;

    /** The events that a list {@code on:} may name. */
    public static final Set<NoticeEvent> SUBSCRIBABLE = Collections.unmodifiableSet(EnumSet.range(FAILURE, SKIPPED));

    /** Returns the word for it in settings, JSON and lists: {@code failure}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
