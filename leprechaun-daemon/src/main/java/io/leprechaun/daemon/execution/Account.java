package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.process.Identity;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The operating system's user that steps run as.
 *
 * @param identity what must be changed into to be that user; empty: nothing, it is the daemon's own
 */
public record Account(String user, Path home, Optional<Identity> identity) {}
