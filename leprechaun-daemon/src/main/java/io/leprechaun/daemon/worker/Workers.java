package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.settings.AgentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The workers of one agent: a bounded stack of working jobs, and a bounded queue of waiting ones. */
final class Workers {
    final AgentName agent;
    final int max;
    final int capacity;
    final List<Job> stack = new ArrayList<>();
    final Queue queue = new Queue();
    /** The reason that the agent accepts no runs now; empty: it accepts runs. */
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
        return Math.max(0, capacity - queue.size()); // jobs between two attempts come back whether or not there is room
    }

    boolean isOpen() {
        return closed.isEmpty();
    }
}
