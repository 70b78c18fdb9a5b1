package io.leprechaun.daemon.process;

import java.util.List;

/**
 * What it took to end processes.
 *
 * @param killed the pids and names of those that had to be killed after they were asked to end, {@code 4711 (sleep)} for example
 * @param survivors those that are still there
 */
public record Ended(List<String> killed, List<String> survivors) {
    public Ended {
        killed = List.copyOf(killed);
        survivors = List.copyOf(survivors);
    }

    /** What a sentence on the end goes on with where it took force: {@code ; did not end when asked and was killed: 4711 (sleep)}. */
    public String told() {
        String told = killed.isEmpty() ? "" : "; did not end when asked and was killed: " + String.join(", ", killed);
        return survivors.isEmpty() ? told : told + "; still there: " + String.join(", ", survivors);
    }
}
