package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.process.Identity;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The user of the operating system that steps run as.
 *
 * @param identity the identity to change to; empty: none, it is the daemon's own user
 */
public record Account(String user, Path home, Optional<Identity> identity) {}
