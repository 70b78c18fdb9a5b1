package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.settings.AgentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One agent's workers: a bounded stack of those that work, and a bounded queue of what waits for them. Guarded by the dispatcher's lock. */
final class Workers {
    final AgentName agent;
    final int max;
    final int capacity;
    final List<Job> stack = new ArrayList<>();
    final Queue queue = new Queue();
    /** Why it takes nothing now; empty: it does. */
    Optional<String> closed = Optional.empty();

    Workers(AgentName agent, int max, int capacity) {
        this.agent = agent;
        this.max = max;
        this.capacity = capacity;
    }

    int slots() {
        return max - stack.size();
    }

    int room() {
        return Math.max(
                0, capacity - queue.size()); // those between two attempts come back whether or not there is room
    }

    boolean isOpen() {
        return closed.isEmpty();
    }
}
