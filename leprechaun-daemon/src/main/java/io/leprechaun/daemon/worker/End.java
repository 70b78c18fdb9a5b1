package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.run.Run;

/**
 * The end of a run, which is on disk.
 *
 * @param run the run as it ended
 * @param number its place in the order in which ends were stored
 */
public record End(Run run, long number) {}
