package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A disk of some megabytes that can be filled. Only root may mount one. */
final class SmallDisk implements AutoCloseable {
    private final Path folder;
    private boolean closed;

    /** Creates an empty disk, mounted at a folder. */
    SmallDisk(Path folder, int megabytes) throws IOException {
        this.folder = folder;
        command("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    }

    static boolean mayBeMounted() {
        return System.getProperty("user.name").equals("root");
    }

    /** Fills it except for some bytes. */
    void fill(long leave) throws IOException {
        long room = folder.toFile().getUsableSpace() - leave;
        var block = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long written = 0; written < room; written += block.length) {
                out.write(block, 0, (int) Math.min(block.length, room - written));
            }
        } catch (IOException full) {
            // another process took it meanwhile
        }
    }

    /** Frees the space with which it was filled. */
    void makeRoom() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /** Unmounts it for new opens; a process with an open file of it keeps the file. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        command("umount", "--lazy", folder.toString());
    }

    private static void command(String... words) throws IOException {
        assertThat(new ProcessBuilder(words).inheritIO().start().onExit().join().exitValue())
                .as(String.join(" ", words))
                .isZero();
    }
}
