package io.leprechaun.daemon.run;

/**
 * Something that people are to be told, kept until it was sent.
 *
 * @param id from 1
 * @param kind what it tells of
 * @param run the run it tells of
 */
public record Notice(long id, Kind kind, Run run) {
    /** What people may ask to be told. */
    public enum Kind {
        /** A run failed, timed out or was lost. */
        FAILURE,
        /** A recipe succeeded whose last run had not. */
        RECOVERY,
        /** A run succeeded. */
        SUCCESS,
        /** Something due was rejected. */
        REJECTED,
        /** Something due was missed. */
        MISSED
    }
}
