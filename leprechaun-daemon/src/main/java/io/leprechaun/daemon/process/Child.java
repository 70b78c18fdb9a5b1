package io.leprechaun.daemon.process;

import java.util.concurrent.CompletableFuture;

/**
 * A started process, leader of its own session and group.
 *
 * @param pid also its process group's id
 * @param exit completed by the reaper once the process is gone; never exceptionally. What depends on it runs on the reaper's thread and must not block
 */
public record Child(int pid, CompletableFuture<Exit> exit) {}
