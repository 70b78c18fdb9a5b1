package io.leprechaun.daemon.config;

/** A text that no log and no answer shows: as text it is {@code ***}. */
public record Secret(String value) {
    /** How much of a file can be one, in bytes. */
    static final int LONGEST = 64 * 1024;

    @Override
    public String toString() {
        return "***";
    }
}
