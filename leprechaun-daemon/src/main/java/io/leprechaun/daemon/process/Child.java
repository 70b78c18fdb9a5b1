package io.leprechaun.daemon.process;

import java.util.concurrent.CompletableFuture;

/**
 * A started process, leader of its own session and group.
 *
 * @param pid the process id, which is also the id of its process group
 * @param exit the exit, completed by the reaper once the process is gone, never exceptionally. Dependent actions run on
 *     the reaper's thread and must not block
 */
public record Child(int pid, CompletableFuture<Exit> exit) {}
