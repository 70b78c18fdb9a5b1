package io.leprechaun.daemon.token;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** The writer of small files that only the daemon may read. */
public final class SecretFile {
    private SecretFile() {}

    /**
     * Reads the records of a file, one a line.
     *
     * @param file the file, which need not exist
     * @param parse returns the record of a line; empty: the line is damaged
     * @param damaged receives the number of each damaged line
     * @throws IOException when it cannot be read
     */
    public static <T> List<T> read(Path file, Function<String, Optional<T>> parse, IntConsumer damaged)
            throws IOException {
        List<String> lines;
        try {
            lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList(); // ASCII, unless damaged
        } catch (NoSuchFileException e) {
            return List.of(); // no record was made yet
        }
        var records = new ArrayList<T>();
        for (int i = 0; i < lines.size(); i++) {
            Optional<T> found = parse.apply(lines.get(i));
            found.ifPresent(records::add);
            if (found.isEmpty() && !lines.get(i).isBlank()) {
                damaged.accept(i + 1);
            }
        }
        return List.copyOf(records);
    }

    /**
     * Replaces a file by other lines. After a crash the file has either the lines before or these. Its folder is made
     * if it is missing.
     *
     * @throws IOException when the lines are not on disk; the file is unchanged then
     */
    public static void write(Path file, List<String> lines) throws IOException {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var folder = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        try {
            Files.createDirectory(file.resolveSibling(""), folder);
        } catch (FileAlreadyExistsException e) {
            // made for an earlier one
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (var channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                owner)) {
            var rest = StandardCharsets.UTF_8.encode(text.toString());
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        try (var channel = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
