package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.posix.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * The backup of a store: a copy of its state at one moment, with or without a running daemon, which it does not delay.
 */
public final class Backup {
    private Backup() {}

    /**
     * Makes a copy, complete and on disk when this returns. An earlier copy of that name is replaced at that moment,
     * and stays if anything fails.
     *
     * @param file the target: absent, or an earlier copy
     * @return its size in bytes
     * @throws StoreException if the store cannot be read or copied, or the target is another file
     * @throws IOException if the copy cannot be written
     */
    public static long make(Path store, Path file) throws IOException {
        var source = StoreFile.toRead(store);
        Path made = file.resolveSibling(file.getFileName() + ".part");
        try (Handle handle = source.openToRead()) {
            if (Files.exists(file) && !StoreFile.isStore(file)) {
                throw new StoreException(file + " exists and is not a copy of a store: use another file");
            }
            Files.deleteIfExists(made);
            Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                copy(handle, made);
                StoreFile.toRead(made).inspect();
                Disk.flush(made);
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(made); // an incomplete file is not a copy
            }
            Disk.flush(StoreFile.folder(file));
            return Files.size(file);
        } catch (JdbiException e) {
            throw source.faults().of("cannot copy the store to " + file, e);
        }
    }

    private static void copy(Handle handle, Path made) {
        try (var statement = handle.getConnection().prepareStatement("vacuum into ?")) {
            statement.setString(1, made.toString());
            statement.execute();
        } catch (SQLException e) {
            throw new StoreException("cannot write " + made + ": " + e.getMessage(), e);
        }
    }
}
