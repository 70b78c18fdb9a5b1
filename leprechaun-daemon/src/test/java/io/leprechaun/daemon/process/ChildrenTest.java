package io.leprechaun.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.posix.Usage;
import org.junit.jupiter.api.Test;

class ChildrenTest {
    private static final Exit EXIT = new Exit(7, Usage.NONE);

    private final Children children = new Children();

    @Test
    void a_child_that_ends_after_it_is_known_gets_its_exit() {
        Child child = started(4711);
        assertThat(child.exit()).isNotDone();
        children.ended(4711, EXIT);
        assertThat(child.exit()).isCompletedWithValue(EXIT);
    }

    @Test
    void a_child_that_ends_before_it_is_known_gets_its_exit() {
        long ticket = children.begin();
        children.ended(4711, EXIT);
        assertThat(children.register(ticket, 4711).exit()).isCompletedWithValue(EXIT);
    }

    @Test
    void an_orphans_end_is_not_taken_for_a_later_childs() {
        children.ended(4711, EXIT);
        assertThat(started(4711).exit()).isNotDone();
    }

    @Test
    void an_orphans_end_during_one_start_is_not_taken_for_the_next_ones() {
        long first = children.begin();
        children.ended(4711, EXIT);
        long second = children.begin();
        Child child = children.register(second, 4711);
        children.done(first);
        children.done(second);
        assertThat(child.exit()).isNotDone();
    }

    @Test
    void an_end_is_kept_for_the_start_that_is_still_under_way() {
        long slow = children.begin();
        long quick = children.begin();
        children.ended(4711, EXIT);
        children.done(quick);
        assertThat(children.register(slow, 4711).exit()).isCompletedWithValue(EXIT);
    }

    private Child started(int pid) {
        long ticket = children.begin();
        Child child = children.register(ticket, pid);
        children.done(ticket);
        return child;
    }
}
