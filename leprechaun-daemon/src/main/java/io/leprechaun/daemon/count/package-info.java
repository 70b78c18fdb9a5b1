/**
 * Counters of what happens in the daemon, from its start. Any part may count, and none reads them but the metrics. To
 * count costs a few additions, whether or not a program reads the metrics.
 */
@NullMarked
package io.leprechaun.daemon.count;

import org.jspecify.annotations.NullMarked;
