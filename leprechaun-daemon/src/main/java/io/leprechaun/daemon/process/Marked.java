package io.leprechaun.daemon.process;

/**
 * A process that carries a mark in its environment.
 *
 * @param mark the value of {@link Processes#MARK}
 * @param name the kernel's short name for it, at most 15 characters
 */
public record Marked(int pid, String mark, String name) {}
