/**
 * The bounded stacks and queues of runs, and the channels that report their ends.
 *
 * <p>Each agent has {@link Workers}: a stack of at most {@code max} working runs, a queue of at most {@code queue}
 * waiting ones, and two channels with a thread each. The channel for ends never loses a message. The channel for errors
 * never blocks its sender and may drop messages, because the store has the notices already. A worker is named after its
 * recipe, or {@code RECIPE#RUN} where {@code overlap: parallel} lets several work.
 *
 * <h2>Decisions and effects</h2>
 *
 * <p>{@link QueueState} decides. Each of its methods is an event: a recipe is due, an attempt has ended, time has
 * passed. It returns {@link Effect}s and touches nothing outside, so its tests start no thread and no process.
 * {@link Attempts} is one lock around it. It carries the effects out under the lock, in their order: it stores,
 * launches, stops, and sets one alarm. Nothing blocks there, because the store answers by futures. {@link Simulation}
 * carries the same effects out on a list of events. {@link Dispatcher} is the door for the rest of the daemon: events
 * in, questions answered.
 *
 * <p>{@link Admission} alone decides on a due recipe. The order is: enabled, agent open, recipe not paused, deadline,
 * windows, overlap, locks, room. A refusal is a value with a state and a sentence. {@link Refusals} stores equal ones
 * together under overload.
 *
 * <p>Accepted means on disk. The decision is made at once under the lock. The future that answers a hook or a command
 * completes after the commit, and a process starts after it, too. With a free slot the row is written as RUNNING at
 * once. The end of one run and the start of the next are one commit. So a run costs two flushes at most.
 *
 * <p>Short runs in line are claimed ahead: {@link Effect.Claims} records that they may start from now on. A free slot
 * launches a claimed run at once, and its start is stored later, with the end before it. The order of starts is the
 * same as without claims. {@link Recovery} takes a claimed run for lost when it has output, or when the machine was
 * restarted.
 *
 * <h2>Order</h2>
 *
 * <p>{@link StartOrder} merges all queues by priority and number. It passes over runs that a recipe, a lock or an
 * earlier wish for that lock keeps back. So a {@code PriorityBlockingQueue} does not fit: the next to start is the
 * first that may. A {@link Queue} holds lanes. A {@link Lane} has the runs with the same recipe and locks: when the
 * first may not start, neither may the others. A lane that its recipe keeps back is parked until {@link Jobs#wake}.
 * {@link Jobs#mayStart} alone asks whether the recipe lets a run start. Of the lanes that want the same locks, one is
 * checked. {@link Locks} changes only where a job enters or leaves a stack or a queue.
 *
 * <p>{@link Deadlines} finds late runs: one alarm for the earliest deadline, and windows at most once a second. The
 * input of a waiting run stays in memory up to 1 KiB, for the first thousand runs. All others are read from the store
 * at the start.
 *
 * <h2>Attempts and ends</h2>
 *
 * <p>{@link QueueState#ended} is the only way out of an attempt. It frees the slot and gives it away. The end is
 * recorded, and then the channels are notified. A run stays known until its end is on disk. When the store cannot keep
 * an end, it is retried each second, unless the store has failed permanently. A new request is not retried but refused.
 * A due instant of the clock is recorded as REJECTED then. A failed run that may be retried leaves its slot, and its
 * recipe stays busy. It is WAITING, stored with the moment of the next attempt. A tick puts it back in line.
 *
 * <p>{@link Absences} lets runs wait whose recipe is not in force. {@link Recovery} treats the runs of an earlier
 * daemon. It ends remaining processes, queues waiting runs again with their own recipe text, and records running ones
 * as LOST.
 */
@NullMarked
package io.leprechaun.daemon.worker;

import org.jspecify.annotations.NullMarked;
