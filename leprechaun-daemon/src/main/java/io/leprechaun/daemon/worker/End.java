package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.run.Run;

/**
 * The end of a run; it is on disk.
 *
 * @param run as it ended
 * @param number its place in the order in which ends were kept
 */
public record End(Run run, long number) {}
