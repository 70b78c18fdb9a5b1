package io.leprechaun.daemon.output;

import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.SparseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of a step as it is in its file: chunks of text, and the hole where the middle was not kept. For one
 * thread; the file may grow and get a hole meanwhile.
 */
public final class OutputText implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputText.class);
    private static final int BUFFER = 64 * 1024;
    private static final int LONGEST_SENTENCE = 1024;

    private final FileChannel channel;
    private final SparseFile holes;

    private OutputText(FileChannel channel, SparseFile holes) {
        this.channel = channel;
        this.holes = holes;
    }

    /** The piece of the output at an offset. */
    public sealed interface Piece {
        /** A chunk of this many bytes, at least one, which are in the buffer now. */
        record Chunk(int length) implements Piece {}

        /** A hole: the output up to another offset was not kept. */
        record Hole(long to) implements Piece {}

        /** The end of the output so far. */
        record NotYet() implements Piece {}
    }

    /**
     * Opens a file.
     *
     * @throws IOException when it does not exist or is not a file
     */
    public static OutputText open(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            return new OutputText(channel, SparseFile.look(file));
        } catch (PosixException e) {
            channel.close();
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Returns the size of the output until now, in bytes. */
    public long size() throws IOException {
        return channel.size();
    }

    /** Reads the piece at an offset, up to its end or the capacity of the buffer. */
    public Piece read(long offset, ByteBuffer buffer) throws IOException {
        while (true) {
            long size = channel.size(); // read first: later output is not part of a hole
            if (offset >= size) {
                return new Piece.NotYet();
            }
            long data = holes.nextData(offset);
            if (data > offset) {
                return new Piece.Hole(Math.min(data, size));
            }
            buffer.clear();
            int count = channel.read(buffer, offset);
            if (count <= 0) {
                return new Piece.NotYet();
            }
            // read afterwards: the bytes may have been dropped just before they were read
            long length = Math.min(count, holes.nextHole(offset) - offset);
            if (length > 0) {
                buffer.flip().limit((int) length);
                return new Piece.Chunk((int) length);
            }
        }
    }

    /** Returns the last line of a file, without its beginning where it is longer than a kibibyte. */
    public static String lastLine(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            var tail = ByteBuffer.allocate(LONGEST_SENTENCE);
            channel.read(tail, Math.max(0, channel.size() - LONGEST_SENTENCE));
            return new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8)
                    .lines()
                    .reduce("", (before, line) -> line);
        } catch (IOException e) {
            return "";
        }
    }

    /** Replaces the secrets in a file by stars; errors are logged. Processes may append meanwhile. */
    public static void hide(Path file, Mask mask) {
        try (var text = open(file);
                var target = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            var buffer = ByteBuffer.allocate(BUFFER);
            var bytes = new MaskedBytes();
            long written = 0;
            for (long offset = 0; ; ) {
                Piece next = text.read(offset, buffer);
                if (next instanceof Piece.Chunk chunk) {
                    bytes.add(buffer.array(), chunk.length());
                    offset += chunk.length();
                }
                byte[] certain = bytes.certain(mask, !(next instanceof Piece.Chunk)); // a secret ends before a hole
                if (bytes.isHidden()) {
                    target.write(ByteBuffer.wrap(certain), written);
                }
                bytes.take(mask, certain.length);
                written += certain.length;
                switch (next) {
                    case Piece.Chunk _ -> {}
                    case Piece.Hole hole -> {
                        offset = hole.to();
                        written = offset;
                        bytes = new MaskedBytes();
                    }
                    case Piece.NotYet() -> {
                        return;
                    }
                }
            }
        } catch (NoSuchFileException e) {
            // the step never ran
        } catch (IOException e) {
            LOG.error("{} may contain secrets: {}", file, e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        holes.close();
        channel.close();
    }
}
