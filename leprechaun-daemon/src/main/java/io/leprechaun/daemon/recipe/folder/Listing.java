package io.leprechaun.daemon.recipe.folder;

import io.leprechaun.daemon.trust.Trust;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One look at a folder: its recipe files and their stamps from the file system. Two equal looks, a moment apart, mean
 * that no process is writing.
 *
 * @param folder the identity of the folder in the file system; empty: it could not be read
 * @param missing whether the folder does not exist
 * @param failure the reason why the folder could not be read
 * @param distrust the reason why other users can change its contents
 */
record Listing(
        SortedMap<Path, Stamp> files,
        Optional<Object> folder,
        boolean missing,
        Optional<String> failure,
        Optional<String> distrust) {
    private static final Duration YOUNG = Duration.ofSeconds(1);
    /** The names of files that are neither hidden nor an editor's. */
    private static final Pattern ALMOST =
            Pattern.compile("[^.#].*\\.ya?ml(?:\\.txt)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** A file's identity and version. A link counts as the file that it points to. */
    record Stamp(String inode, long size, FileTime modified, FileTime changed) {
        private static final String ATTRIBUTES = "unix:dev,ino,size,lastModifiedTime,ctime,isDirectory";

        /**
         * Compares the parts by hand, because Java links the generated method of a record at run time, which takes 8 ms
         * of each start.
         */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Stamp that
                    && inode.equals(that.inode)
                    && size == that.size
                    && modified.equals(that.modified)
                    && changed.equals(that.changed);
        }

        @Override
        public int hashCode() {
            return changed.hashCode();
        }

        /**
         * Returns the stamp from the file system, read in one call: all zero where the file cannot be read, empty for a
         * folder.
         */
        static Optional<Stamp> of(Path file) {
            try {
                Map<String, Object> now = Files.readAttributes(file, ATTRIBUTES);
                return Boolean.TRUE.equals(now.get("isDirectory"))
                        ? Optional.empty()
                        : Optional.of(new Stamp(
                                now.get("dev") + ":" + now.get("ino"),
                                (Long) Objects.requireNonNull(now.get("size")),
                                (FileTime) Objects.requireNonNull(now.get("lastModifiedTime")),
                                (FileTime) Objects.requireNonNull(now.get("ctime"))));
            } catch (IOException e) {
                return Optional.of(new Stamp("", 0, FileTime.fromMillis(0), FileTime.fromMillis(0)));
            }
        }
    }

    /** Returns the listing before the first look. */
    static Listing none() {
        return new Listing(new TreeMap<>(), Optional.empty(), false, Optional.empty(), Optional.empty());
    }

    static Listing of(Path folder, Trust trust) {
        var files = new TreeMap<Path, Stamp>();
        Optional<Object> identity = Optional.empty();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Listing::isRecipe)) {
            identity = Optional.ofNullable(
                    Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
            entries.forEach(file -> Stamp.of(file).ifPresent(stamp -> files.put(file, stamp)));
        } catch (NoSuchFileException e) {
            return failed(true, "the recipes folder " + folder + " does not exist; create it");
        } catch (NotDirectoryException e) {
            return failed(false, "the recipes folder " + folder + " is not a folder; set another with `recipes:`");
        } catch (IOException | DirectoryIteratorException e) {
            return failed(false, "cannot read the recipes folder " + folder + "; check its permissions");
        }
        return new Listing(files, identity, false, Optional.empty(), trust.distrust(folder));
    }

    /** Returns this listing, with recipe files of other folders. */
    Listing with(SortedMap<Path, Stamp> more) {
        if (more.isEmpty()) {
            return this;
        }
        var all = new TreeMap<>(files);
        all.putAll(more);
        return new Listing(all, folder, missing, failure, distrust);
    }

    private static Listing failed(boolean missing, String sentence) {
        return new Listing(new TreeMap<>(), Optional.empty(), missing, Optional.of(sentence), Optional.empty());
    }

    /** Returns whether a file is {@code *.yml} or {@code *.yaml}, and neither a hidden file nor an editor's backup. */
    private static boolean isRecipe(Path file) {
        String name = String.valueOf(file.getFileName());
        boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
        return yaml && !name.startsWith(".") && !name.startsWith("#");
    }

    /** Returns files whose names alone keep them from being recipes; none where the folder cannot be read. */
    static List<Path> almost(Path folder) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            var almost = new ArrayList<Path>();
            for (Path file : entries) {
                if (ALMOST.matcher(String.valueOf(file.getFileName())).matches()
                        && !isRecipe(file)
                        && Files.isRegularFile(file)) {
                    almost.add(file);
                }
            }
            almost.sort(null);
            return almost;
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
    }

    /** Returns whether no file was changed in the last second, so that one look is enough. */
    boolean isOld(Instant now) {
        Instant young = now.minus(YOUNG);
        return files.values().stream()
                .allMatch(stamp -> stamp.changed().toInstant().isBefore(young));
    }
}
