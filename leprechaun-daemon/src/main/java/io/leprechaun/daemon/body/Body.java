package io.leprechaun.daemon.body;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of the request that triggers a run: a small one in memory, a larger one in a file that is on disk. */
public sealed interface Body {
    /** The largest size of a body in memory, in bytes. */
    int LONGEST_HELD = 64 * 1024;

    /** No body. */
    Body NONE = new Held(new byte[0]);

    /** Returns its length in bytes. */
    long length();

    /** Opens a stream of its bytes from the beginning; the caller closes the stream. */
    InputStream open() throws IOException;

    /** Removes its file, if it has one; to be called when no run refers to it. */
    void discard();

    /** Returns all its bytes. */
    default byte[] bytes() throws IOException {
        try (InputStream in = open()) {
            return in.readAllBytes();
        }
    }

    /** A body in memory. Its holders must not change the bytes. */
    record Held(byte[] content) implements Body {
        @Override
        public long length() {
            return content.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public byte[] bytes() {
            return content;
        }

        @Override
        public void discard() {
            // it is in memory alone
        }
    }

    /**
     * A body in a file.
     *
     * @param sha256 the hash of its bytes, in lower-case hexadecimal digits
     */
    record Filed(Path file, long length, String sha256) implements Body {
        private static final Logger LOG = LoggerFactory.getLogger(Filed.class);

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public void discard() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("cannot remove the unused body {}: retrying within some hours", file, e);
            }
        }
    }
}
