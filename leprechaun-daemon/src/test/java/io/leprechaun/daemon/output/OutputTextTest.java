package io.leprechaun.daemon.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTextTest {
    /** The number of appends, enough to hit the moment between two reads of the file's state. */
    private static final int APPENDS = 200_000;

    @TempDir
    private Path folder;

    private static void append(FileChannel to) {
        try {
            for (int i = 0; i < APPENDS; i++) {
                to.write(ByteBuffer.wrap(new byte[] {'x'}));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_is_appended_while_it_is_read_is_no_hole() throws Exception {
        Path file = folder.resolve("1.log");
        try (var to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                var text = OutputText.open(file)) {
            var written = CompletableFuture.runAsync(() -> append(to));
            var buffer = ByteBuffer.allocate(64 * 1024);
            long offset = 0;
            while (offset < APPENDS && !written.isCompletedExceptionally()) {
                OutputText.Piece piece = text.read(offset, buffer);
                assertThat(piece).isNotInstanceOf(OutputText.Piece.Hole.class);
                if (piece instanceof OutputText.Piece.Chunk(int length)) {
                    offset += length;
                }
            }
            written.get(1, TimeUnit.MINUTES);
        }
    }
}
