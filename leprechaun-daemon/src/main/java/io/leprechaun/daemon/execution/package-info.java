/**
 * Executes an attempt of a run: its steps as processes, in chains, with their limits, expectations and environment.
 *
 * <p>An {@link Execution} is one attempt in one virtual thread. It resolves the recipe's needs first
 * ({@link StepIdentity}: user, secrets, input). Then each {@link Chain} has its turn; steps joined by a pipe form one.
 * A {@link ChainRun} is a chain at work: its processes, its time, and what it leaves behind. A stop ends all of them
 * and gives the handlers their time. At the end {@link Expectation} compares the run with its recipe. {@link Progress}
 * keeps results in memory while the attempt runs; they are stored with its end.
 */
@NullMarked
package io.leprechaun.daemon.execution;

import org.jspecify.annotations.NullMarked;
