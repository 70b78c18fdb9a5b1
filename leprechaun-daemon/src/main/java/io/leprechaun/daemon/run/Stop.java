package io.leprechaun.daemon.run;

/**
 * Why a run is told to end.
 *
 * @param state what it ends as: KILLED or TIMED_OUT
 * @param reason one sentence, {@code killed by root} for example
 */
public record Stop(RunState state, String reason) {}
