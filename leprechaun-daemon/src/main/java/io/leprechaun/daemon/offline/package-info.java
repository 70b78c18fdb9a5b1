/**
 * The verbs that need no daemon.
 *
 * <p>The client becomes {@code leprechaund offline} for them. {@link OfflineHistory} answers {@code runs},
 * {@code logs}, {@code show} and {@code usage} when no daemon runs. It gives the daemon's own command classes a store
 * that is only read, and creates no dispatcher, agent or child process.
 */
@NullMarked
package io.leprechaun.daemon.offline;

import org.jspecify.annotations.NullMarked;
