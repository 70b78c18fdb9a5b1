/**
 * The only package that starts, tracks and ends processes. It works through {@code posix}: {@code posix_spawn},
 * {@code wait4}, {@code kill}, {@code prctl} and {@code pipe2}, called by the foreign function interface. Its file
 * actions include {@code addchdir_np} and {@code addclosefrom_np}, which glibc has since 2.34.
 *
 * <p>{@link Processes} is the door. Nothing else in this JVM may start processes, because {@link Reaper} takes the
 * exits of all children. It is one thread that blocks in {@code wait4(-1)}. It completes a future for each child, with
 * processor time and memory. The daemon adopts orphans of its steps and reaps these, too. A child may end before its
 * pid is known; {@link Children} keeps such an end for the starts under way. Native calls hold the carrier of a virtual
 * thread. So spawners, as many as cores, and the reaper are platform threads.
 *
 * <h2>Start</h2>
 *
 * <p>A process leads a session of its own. It prints into a descriptor that its spec names. {@link Pipeline} starts all
 * parts of a pipeline at once, connected by pipes of the kernel, or none of them.
 *
 * <p>{@link ProgramFinder} searches the program first, in the step's own PATH and folder. So a failure has a reason:
 * 127 for a missing program, 126 for one that cannot run. A text without special characters of the shell is started
 * without a shell. {@code PWD} is in every environment, so a shell between would change nothing.
 *
 * <p>{@link LaunchWrapper} adds {@code nice}, {@code setpriv} and a shell only where user, groups, nice value or umask
 * ask for them. Each becomes the next by exec, so the pid stays. That shell runs as the user already. It reads
 * {@code /proc/self/status} and {@code /proc/self/stat} to verify the change, and then becomes the command. Otherwise
 * it prints a sentence and exits with 126 or 127; that sentence becomes the step's. Variables that the dynamic linker
 * reads are renamed until the user has been changed. So root loads no library of a recipe.
 *
 * <h2>Marks</h2>
 *
 * <p>Each process of a step has {@code LEPRECHAUN_MARK=STORE:RUN:ATTEMPT:STEP} in its environment ({@link Mark}). STORE
 * is an id of the store, so two daemons on a host never meet. STEP is the first of its chain, so the time-out of one
 * step ends no other. The same value, shortened to 62 bits, is the soft limit RLIMIT_LOCKS. The kernel has ignored that
 * limit since 2.4.25. A process keeps it when it clears its environment, leaves session and parent, or changes its
 * user. {@code /proc/PID/limits} shows it to every user. The daemon sets its own limit before each start, one start
 * after the other. So a child has it from its first instruction. The files of all processes are read only when
 * something is ended, and at recovery.
 *
 * <p>The kernel lists adopted orphans apart from children of the spawners, in the first thread's
 * {@code /proc/self/task/PID/children}. {@link Orphans} reads that file once at the end of a chain. It is nearly always
 * empty; otherwise it shows what the step left behind.
 *
 * <h2>End</h2>
 *
 * <p>{@link Termination} sends TERM to the groups and to every process that descends from them or has the mark. After
 * the grace it sends KILL, until none is left or five seconds are over. The {@link TerminationReport} names what was
 * killed and what still lives. A process that may not be signalled (EPERM) gets half a second more, and the run fails.
 * Its recipe and locks become free, because one stray process of root's would block them for ever. A process is known
 * by pid and start time, never by pid alone.
 *
 * <p>A reader can still wait for a pipe that a left process keeps open. After the grace {@link PipeHolders} finds the
 * holders. Either the holders are ended or, with {@code linger: leave}, the reader. The peak memory of {@code wait4}
 * includes what the daemon had resident at the start. It is reported only where it is more than that.
 */
@NullMarked
package io.leprechaun.daemon.process;

import org.jspecify.annotations.NullMarked;
