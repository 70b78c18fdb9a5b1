package io.leprechaun.daemon.run;

import java.nio.file.Path;

/** The operating system's user that steps run as. */
public record Account(String user, Path home) {}
