package io.leprechaun.daemon.posix;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An output of a child that is a new file, in place of one that is there. */
public final class FileOutput implements ChildOutput {
    private final Path path;
    private @Nullable SparseFile made;

    /** @param path the file that is made at each start */
    public FileOutput(Path path) {
        this.path = path;
    }

    @Override
    public int open() throws PosixException {
        path.toFile().delete();
        made = SparseFile.create(path);
        return made.descriptor();
    }

    @Override
    public void started() {
        if (made != null) {
            made.close();
        }
    }
}
