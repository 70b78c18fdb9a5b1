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
}
