/**
 * The parts that all agents share: start, stop, pause, the commands for workers, and time.
 *
 * <p>An {@link Agent} knows one kind of trigger; its {@link Service} owns its life cycle and its routes.
 * {@link TimedAgent} is the base of agents that follow the clock.
 *
 * <h2>Time</h2>
 *
 * <p>One {@code HostClock}, made in {@code Main}, has the wall clock's time and elapsed time. The latter includes the
 * machine's sleep (CLOCK_BOOTTIME). Schedules are pure functions: the first due instant later than another, within 40
 * years. A {@link DueQueue} holds the next instants; it reads no clock and has no thread. One {@link Ticker} thread for
 * each agent asks it. The thread sleeps until the next instant, at most ten seconds, because the wall clock may be set
 * meanwhile.
 *
 * <p>{@link ClockWatch} notices a clock that was set by comparing both times. The rules then are cronie's, and elapsed
 * time for intervals. The same holds for daylight saving: fixed local times fire once, patterns with a starred minute
 * or hour follow elapsed time. Zone rules are the host's: {@code HostZones} reads its compiled files (RFC 9636), as the
 * JVM's provider.
 *
 * <h2>Absence</h2>
 *
 * <p>The store has the anchor of each interval, and the instant until which a recipe is accounted for. So instants that
 * were due while the daemon was down are known, and recorded as MISSED. At a start the timed agents report them first
 * ({@link DowntimeSummary}), in one line and one notice. The time of the lock file is the last moment of the last
 * daemon. It is touched every five seconds and at a clean end.
 *
 * <p>{@link ClockGuard} compares the clock with its expected time: the last believed time, plus the elapsed time since.
 * The lock file keeps both for the next start, with the boot of the machine. Within one boot the change of the clock is
 * known exactly. {@code ClockKeeper} looks every five seconds. The table {@code clock} has each start and each change,
 * with the number of the last run before. So times of records can be compared with now.
 *
 * <p>{@link AfterTrigger} makes recipes due that run after others. It compares counts of ends in the history, and keeps
 * nothing itself. So it asks the same at a start and at each end of a run. It closes before the agents do: ends during
 * a stop are found at the next start.
 */
@NullMarked
package io.leprechaun.daemon.agent;

import org.jspecify.annotations.NullMarked;
