package io.leprechaun.daemon.trust;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The failure to read a path that is a folder, a device, a socket or a pipe. */
public final class NotRegularException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    NotRegularException(Path path) {
        super(path.toString(), null, "not a regular file");
    }
}
