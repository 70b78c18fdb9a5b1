package io.leprechaun.daemon.output;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.process.Identity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The folder of the output of runs: {@code ROOT/ID÷1000/ID/ATTEMPT-STEP.log}, readable by the daemon's user alone. */
public record OutputFolder(Path root) {
    static final String SUFFIX = ".log";

    /** Returns the folder of a run. */
    public Path folder(long run) {
        return root.resolve(Long.toString(run / 1000)).resolve(Long.toString(run));
    }

    /** Returns the output file of a step. */
    public Path file(long run, int attempt, int step) {
        return folder(run).resolve(attempt + "-" + step + SUFFIX);
    }

    /** Returns the file that holds the body of the request that triggered a run. */
    public Path body(long run) {
        return folder(run).resolve("body");
    }

    /**
     * Makes the folder of a file of a run within the existing root: a root that was moved away is not made again.
     *
     * @throws NoSuchFileException when the root is missing
     * @throws IOException if it cannot be made; the message contains the reason and the remedy
     */
    static void makeFor(Path file) throws IOException {
        Path folder = file.resolveSibling("");
        try {
            make(folder.resolveSibling(""));
            make(folder);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot create the folder %s (%s): make the state folder writable".formatted(folder, reason(e)), e);
        }
    }

    private static void make(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) { // else the folder is of an earlier attempt, or of another run
                throw e;
            }
        }
    }

    /** Returns the reason that no output can be kept, in a sentence; empty: it can. */
    public Optional<String> fault() {
        return Files.isWritable(root)
                ? Optional.empty()
                : Optional.of("cannot write to the folder " + root
                        + ": make it writable, or the output of every run is lost");
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> "a file is in its place";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Returns the files of all steps in all attempts of a run. */
    public List<Path> files(long run) {
        try (Stream<Path> files = Files.list(folder(run))) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        } catch (IOException e) {
            return List.of(); // the run has no files
        }
    }

    /** Returns the largest number of a run that has a folder; 0 for none. */
    public long newest() {
        return numbers(root).max().stream()
                .flatMap(thousand -> numbers(root.resolve(Long.toString(thousand))))
                .max()
                .orElse(0);
    }

    /** Returns the numbers of the runs that have a folder, in no order. */
    public LongStream runs() {
        return numbers(root).flatMap(thousand -> numbers(root.resolve(Long.toString(thousand))));
    }

    private static LongStream numbers(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return LongStream.of(files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{1,18}"))
                    .mapToLong(Long::parseLong)
                    .toArray());
        } catch (IOException e) {
            return LongStream.empty(); // nothing was printed yet
        }
    }

    /** Removes the folder of a run with its files, and the folder above when it was the last one there. */
    public void remove(long run) throws IOException {
        Path folder = folder(run);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            try {
                Files.deleteIfExists(root.resolve(Long.toString(run / 1000)));
            } catch (DirectoryNotEmptyException e) {
                // other runs have folders there
            }
        }
    }

    /** Returns the folder of large bodies until their run begins. */
    public BodyFolder bodies() {
        return new BodyFolder(root.resolveSibling(BodyFolder.NAME));
    }

    /**
     * Puts the body of the request that triggered a run into the run's folder, where an earlier attempt may have put it
     * already.
     *
     * @throws IOException if it cannot be written, or the file of a large body is gone, damaged, or changed by an
     *     earlier attempt
     */
    public void placeBody(long run, Body body) throws IOException {
        makeFor(body(run));
        switch (body) {
            case Body.Held(byte[] content) -> {
                Files.deleteIfExists(body(run));
                write(body(run), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), content);
            }
            case Body.Filed filed -> {
                if (!Files.exists(body(run))) {
                    move(filed, run);
                } else if (!isWhole(body(run), filed)) {
                    throw new IOException("an earlier attempt changed the body of run " + run + ", " + body(run)
                            + ": steps must not change that file; send the hook again");
                }
            }
        }
    }

    private static boolean isWhole(Path file, Body.Filed filed) throws IOException {
        var hash = BodyFolder.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), hash)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(hash.digest()).equals(filed.sha256());
    }

    private void move(Body.Filed filed, long run) throws IOException {
        String body = "the body of run " + run + ", " + filed.file();
        if (!Files.exists(filed.file())) {
            throw new IOException(body + ", is missing: send the hook again");
        }
        if (!isWhole(filed.file(), filed)) {
            throw new IOException(body + ", is damaged: check the disk and send the hook again");
        }
        Files.move(filed.file(), body(run));
    }

    /**
     * Gives the body to the user that steps run as. The folders on the way to it become passable for others, but stay
     * unreadable.
     */
    public void giveBody(long run, Identity user) throws IOException {
        Files.setAttribute(body(run), "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
        Path state = root.toAbsolutePath().getParent();
        for (Path folder = folder(run).toAbsolutePath();
                folder != null && !folder.equals(state == null ? null : state.getParent());
                folder = folder.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(folder, permissions);
            }
        }
    }

    private static void write(Path file, Set<? extends OpenOption> options, byte[] bytes) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = Files.newByteChannel(file, options, owner)) {
            channel.write(ByteBuffer.wrap(bytes));
        }
    }
}
