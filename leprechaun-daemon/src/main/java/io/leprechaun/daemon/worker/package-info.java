/** Bounded stacks and queues of runs, and the channels that tell of their ends. */
@NullMarked
package io.leprechaun.daemon.worker;

import org.jspecify.annotations.NullMarked;
