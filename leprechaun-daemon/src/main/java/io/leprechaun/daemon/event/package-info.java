/**
 * The newest events of the daemon, for readers that follow them: states of runs and steps, recipes, agents, health,
 * changes. Events are kept in memory, from the first reader on. They report that something has changed; the store and
 * the commands have the facts.
 */
@NullMarked
package io.leprechaun.daemon.event;

import org.jspecify.annotations.NullMarked;
