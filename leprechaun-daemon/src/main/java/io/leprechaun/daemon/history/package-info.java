/**
 * The ports through which the history is written and read: runs, due instants, notices, the host's clock; and its
 * retention.
 */
@NullMarked
package io.leprechaun.daemon.history;

import org.jspecify.annotations.NullMarked;
