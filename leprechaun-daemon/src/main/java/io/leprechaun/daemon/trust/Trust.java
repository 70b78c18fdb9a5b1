package io.leprechaun.daemon.trust;

import io.leprechaun.daemon.posix.OpenedFile;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The rules for files that decide on the commands to run, as sshd(8) has them under StrictModes. They cover the file,
 * every folder on the way to it, and every link on that way. Each must belong to root or to us, and neither group nor
 * others may be able to write to it. In a sticky folder such as {@code /tmp} others cannot replace files that are not
 * theirs, so it counts as closed.
 *
 * <p>Our own group may write where we are not root: on many hosts each user has a group of the same name. That causes a
 * warning.
 *
 * <p>For one check: a folder that was found closed is not checked again. Not thread-safe.
 */
public final class Trust {
    private static final int ROOT = 0;
    private static final int STICKY = 01000;
    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;
    /** The number of links that the kernel follows (path_resolution(7)). */
    private static final int MOST_LINKS = 40;

    private static final String ATTRIBUTES = "unix:mode,uid,gid,isDirectory,isSymbolicLink,isRegularFile";

    private final FileOwner us;
    private final boolean refuses;
    /** True when a file must be our own: root's may be closed to us. */
    private final boolean ownOnly;

    private final Set<Path> closed = new HashSet<>();
    /** A sentence on the first untrusted thing on the way that does not stop the reading. */
    private Optional<String> warning = Optional.empty();

    /** The user whose files are used besides root's, the group that may write, and the numbers that count as root. */
    record FileOwner(String user, int uid, int gid, Set<Integer> roots) {
        static final FileOwner SELF = new FileOwner(User.current().name(), Self.uid(), Self.gid(), Self.roots());
    }

    Trust(FileOwner us, boolean refuses) {
        this(us, refuses, false);
    }

    private Trust(FileOwner us, boolean refuses, boolean ownOnly) {
        this.us = us;
        this.refuses = refuses;
        this.ownOnly = ownOnly;
    }

    /** Returns the rules that refuse every file that others can change. */
    public static Trust strict() {
        return new Trust(FileOwner.SELF, true);
    }

    /**
     * Returns the rules that only warn of a file that {@link #strict} refuses, for checks of files that are to be used
     * elsewhere.
     */
    public static Trust lenient() {
        return new Trust(FileOwner.SELF, false);
    }

    /** Returns the rules of {@link #lenient()} for files that are to be used by another user. */
    public static Trust lenient(User user) {
        return new Trust(new FileOwner(user.name(), user.uid(), user.gid(), FileOwner.SELF.roots()), false);
    }

    /**
     * Returns the rules that accept only files that belong to a user and that others cannot change. Root's files are
     * refused, because the user may not be allowed to read them.
     */
    public static Trust ofOwner(User user) {
        return new Trust(new FileOwner(user.name(), user.uid(), user.gid(), FileOwner.SELF.roots()), true, true);
    }

    /**
     * The content of a file.
     *
     * @param bytes its first bytes, up to the limit of the reading
     * @param warning a sentence on the users who can change it, with the remedy; empty: others cannot
     */
    public record Content(byte[] bytes, Optional<String> warning) {}

    /**
     * Reads a regular file.
     *
     * @param most the largest number of bytes
     * @throws UntrustedException when others can change it
     * @throws NotRegularException when it is a folder, a device or the like
     * @throws IOException when it cannot be read
     */
    public Content read(Path path, int most) throws IOException {
        warning = Optional.empty();
        Path real = follow(path);
        try (OpenedFile file = OpenedFile.open(real)) {
            Map<String, Object> opened = Files.readAttributes(file.path(), ATTRIBUTES);
            if (!is(opened, "isRegularFile")) {
                throw new NotRegularException(path);
            }
            own(real, opened);
            look(real, opened);
            return new Content(file.read(most), warning);
        }
    }

    /**
     * Returns the reason why others can change the file of a path, in a sentence; empty: they cannot, or there is no
     * file.
     */
    public Optional<String> distrust(Path path) {
        try {
            Path real = follow(path);
            Map<String, Object> status = attributes(real);
            own(real, status);
            look(real, status);
            return refuses ? Optional.empty() : warning;
        } catch (UntrustedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the file that a path names, with all links followed and all folders on the way checked. */
    private Path follow(Path path) throws IOException {
        Path here = Path.of("/");
        Deque<Path> ahead = new ArrayDeque<>();
        path.toAbsolutePath().forEach(ahead::add);
        int links = 0;
        if (!closed.contains(here)) {
            folder(here, attributes(here));
        }
        while (!ahead.isEmpty()) {
            Path name = ahead.remove();
            if (name.toString().equals("..")) {
                here = Objects.requireNonNullElse(here.getParent(), here);
                continue;
            }
            Path next = name.toString().equals(".") ? here : here.resolve(name);
            if (closed.contains(next)) {
                here = next;
                continue;
            }
            Map<String, Object> status = attributes(next);
            if (is(status, "isSymbolicLink")) {
                if (++links > MOST_LINKS) {
                    throw new FileSystemLoopException(path.toString());
                }
                owner(next, "the link ", status);
                Path target = Files.readSymbolicLink(next);
                Deque<Path> behind = new ArrayDeque<>();
                target.forEach(behind::add);
                behind.addAll(ahead);
                ahead = behind;
                here = target.isAbsolute() ? Path.of("/") : here;
            } else {
                if (!ahead.isEmpty()) {
                    folder(next, status);
                }
                here = next;
            }
        }
        return here;
    }

    private void folder(Path folder, Map<String, Object> status) throws IOException {
        look(folder, status);
        if (warning.isEmpty()) {
            closed.add(folder);
        }
    }

    private void look(Path path, Map<String, Object> status) throws IOException {
        boolean folder = is(status, "isDirectory");
        String what = folder ? "the folder " : "";
        owner(path, what, status);
        int mode = number(status, "mode");
        if (folder && (mode & STICKY) != 0) {
            return;
        }
        if ((mode & OTHERS_WRITE) != 0) {
            String close = (mode & GROUP_WRITES) != 0 ? "chmod go-w " : "chmod o-w ";
            refuse(what + path + " is writable for all users: close it with `" + close + path + "`");
        } else if ((mode & GROUP_WRITES) != 0) {
            String sentence = what + path + " is writable for the group "
                    + names(path).group().getName() + ": close it with `chmod g-w " + path + "`";
            if (us.uid() != ROOT && number(status, "gid") == us.gid()) {
                warn(sentence);
            } else {
                refuse(sentence);
            }
        }
    }

    private void own(Path path, Map<String, Object> status) throws IOException {
        if (ownOnly && number(status, "uid") != us.uid()) {
            refuse(path + " belongs to " + names(path).owner().getName() + ": use a secret of " + us.user()
                    + " in a recipe of " + us.user());
        }
    }

    private void owner(Path path, String what, Map<String, Object> status) throws IOException {
        int owner = number(status, "uid");
        if (owner != us.uid() && !us.roots().contains(owner)) {
            String user = us.user();
            String users = us.uid() == ROOT ? user : "root and " + user;
            String give = is(status, "isSymbolicLink") ? "chown -h " : "chown ";
            refuse(what + path + " belongs to " + names(path).owner().getName() + ", and a daemon of " + user
                    + " uses files of " + users + " only: give it to " + user + " with `" + give + user + " " + path
                    + "`");
        }
    }

    private void refuse(String sentence) throws UntrustedException {
        if (refuses) {
            throw new UntrustedException(sentence);
        }
        warn(sentence);
    }

    private void warn(String sentence) {
        warning = warning.or(() -> Optional.of(sentence));
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        return Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    }

    private static PosixFileAttributes names(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean is(Map<String, Object> status, String attribute) {
        return Boolean.TRUE.equals(status.get(attribute));
    }

    private static int number(Map<String, Object> status, String attribute) {
        return (Integer) Objects.requireNonNull(status.get(attribute));
    }
}
