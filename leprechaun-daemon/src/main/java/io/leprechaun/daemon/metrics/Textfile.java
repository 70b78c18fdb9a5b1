package io.leprechaun.daemon.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the metrics, for the textfile collector of node_exporter. A reader always finds a whole file: it is
 * written under another name, which the collector does not read, and renamed. A failure is logged once while it lasts,
 * and stops nothing. Thread-safe.
 */
public final class Textfile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Textfile.class);

    private final Path file;
    private final Metrics metrics;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Optional<String> fault = Optional.empty();
    private volatile boolean closed;

    /** Creates a file that is not written yet. */
    public Textfile(Path file, Metrics metrics) {
        this.file = file;
        this.metrics = metrics;
    }

    /** Writes the metrics as they are now. Does nothing while an earlier call does so. */
    public void write() {
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        try {
            replace();
            if (fault.isPresent()) {
                LOG.info("the file of metrics {} is written again", file);
            }
            fault = Optional.empty();
        } catch (IOException | RuntimeException e) { // the store may fail: runs go on without metrics
            String why = "cannot write the file of metrics " + file + " (" + reason(e)
                    + "): make its folder writable for the daemon, or remove metrics: textfile";
            if (!fault.equals(Optional.of(why))) {
                LOG.error(why);
            }
            fault = Optional.of(why);
        } finally {
            busy.set(false);
        }
    }

    private static String reason(Exception e) {
        return e instanceof FileSystemException failed && failed.getReason() == null
                ? failed.getClass().getSimpleName()
                : String.valueOf(e.getMessage());
    }

    private void replace() throws IOException {
        if (closed) {
            return;
        }
        var content = new ByteArrayOutputStream(); // a slow disk must not hold back other readers of the metrics
        metrics.writeForCollector(content);
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(next); // left by a daemon that was killed
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var out = Channels.newOutputStream(Files.newByteChannel(next, options, mode))) {
            content.writeTo(out);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns the reason why the file is not written, in a sentence; empty: it is. */
    public Optional<String> fault() {
        return fault;
    }

    /**
     * Ends the writing. The file stays: its age shows that the daemon is down, and an absent file would show nothing.
     */
    @Override
    public void close() {
        closed = true;
    }
}
