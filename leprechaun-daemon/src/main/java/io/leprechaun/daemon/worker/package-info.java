/** The bounded stacks and queues of runs, and the channels that report their ends. */
@NullMarked
package io.leprechaun.daemon.worker;

import org.jspecify.annotations.NullMarked;
