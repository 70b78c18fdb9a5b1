package io.leprechaun.daemon.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The check of SQLite's log before SQLite reads it. SQLite takes the first invalid frame for the end of the log. That
 * is right after a crash, but silently drops the commits behind a damaged frame. The format is described in SQLite's
 * file format, section 4.
 */
final class WriteAheadLog {
    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    /** The magic number; its last bit gives the byte order of the checksums. */
    private static final int MAGIC = 0x377f0682;

    private final ByteOrder order;
    private final int pageSize;
    private final long salt;
    private int sum1;
    private int sum2;

    private WriteAheadLog(ByteBuffer header) {
        this.order = (header.getInt(0) & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        this.pageSize = header.getInt(8);
        this.salt = header.getLong(16);
    }

    /**
     * Returns whether commits follow a frame that is not as it was written. A commit that a crash cut off is the last:
     * another one is begun only when the earlier one is on disk.
     *
     * @throws IOException if it cannot be read
     */
    static boolean isDamaged(Path log) throws IOException {
        if (!Files.exists(log)) {
            return false;
        }
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            var header = ByteBuffer.allocate(HEADER);
            if (!fill(channel, header, 0)) {
                return false; // nothing was written yet
            }
            if (isZero(header)) {
                return channel.size() > HEADER; // frames are written only after the header is on disk
            }
            if ((header.getInt(0) & ~1) != MAGIC) {
                return true;
            }
            var frames = new WriteAheadLog(header);
            frames.add(header, 0, 24);
            return header.getInt(24) != frames.sum1 || header.getInt(28) != frames.sum2 || frames.hide(channel);
        }
    }

    private boolean hide(FileChannel channel) throws IOException {
        if (Integer.bitCount(pageSize) != 1 || pageSize < 512 || pageSize > 65536) {
            return true;
        }
        var frame = ByteBuffer.allocate(FRAME_HEADER + pageSize);
        boolean whole = true;
        int hidden = 0;
        for (long at = HEADER; fill(channel, frame, at); at += frame.capacity()) {
            boolean ours = frame.getLong(8) == salt;
            whole = whole && ours && follows(frame);
            boolean commits = frame.getInt(4) != 0;
            hidden += !whole && ours && commits ? 1 : 0;
        }
        return hidden > 1;
    }

    private boolean follows(ByteBuffer frame) {
        add(frame, 0, 8);
        add(frame, FRAME_HEADER, pageSize);
        return frame.getInt(16) == sum1 && frame.getInt(20) == sum2;
    }

    private void add(ByteBuffer bytes, int from, int length) {
        var words = bytes.slice(from, length).order(order);
        for (int i = 0; i < length; i += 8) {
            sum1 += words.getInt(i) + sum2;
            sum2 += words.getInt(i + 4) + sum1;
        }
    }

    private static boolean isZero(ByteBuffer bytes) {
        for (int i = 0; i < bytes.capacity(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean fill(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }
}
