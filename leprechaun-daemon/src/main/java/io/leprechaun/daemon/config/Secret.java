package io.leprechaun.daemon.config;

/** A text that no log and no answer shows: as text it is {@code ***}. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
