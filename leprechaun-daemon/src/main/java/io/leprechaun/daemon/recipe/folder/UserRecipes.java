package io.leprechaun.daemon.recipe.folder;

import io.leprechaun.daemon.posix.Disk;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.UserSettings;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The recipes of ordinary users: {@code UID/NAME.yml} in a folder that only the daemon can read. The daemon writes them
 * from the texts that users send, and never reads a path that a user can change. Thread-safe.
 */
public final class UserRecipes {
    /** The longest text of a recipe, in bytes. */
    public static final int LONGEST = 64 * 1024;

    private static final String ENDING = ".yml";
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER = permissions("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> FILE = permissions("rw-------");

    private final Path folder;
    private final UserSettings settings;
    private final RecipeReader reader;

    /**
     * Creates the recipes in a folder, which is made with the first of them.
     *
     * @param reader the reader that knows the settings
     */
    public UserRecipes(Path folder, UserSettings settings, RecipeReader reader) {
        this.folder = folder;
        this.settings = settings;
        this.reader = reader;
    }

    /** The refusal of a recipe; the message states the reason and the remedy. */
    public static final class NotTakenException extends Exception {
        private static final long serialVersionUID = 1;

        NotTakenException(String message) {
            super(message);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    /** Returns the name of a user, or the uid where this host no longer has such a user. */
    static String user(int uid) {
        return User.numbered(uid).map(User::name).orElseGet(() -> Integer.toUnsignedString(uid));
    }

    /** Returns the uid of the user who owns a recipe file; empty: the file is not a user's recipe. */
    OptionalInt owner(Path file) {
        Path above = file.getParent();
        return above != null && folder.equals(above.getParent())
                ? OptionalInt.of(Integer.parseUnsignedInt(String.valueOf(above.getFileName()), 10))
                : OptionalInt.empty();
    }

    /** Returns all files with their stamps. */
    SortedMap<Path, Listing.Stamp> files() {
        var files = new TreeMap<Path, Listing.Stamp>();
        list(folder)
                .filter(user -> isNumber(String.valueOf(user.getFileName())))
                .forEach(user -> list(user)
                        .filter(UserRecipes::isRecipe)
                        .forEach(file -> Listing.Stamp.of(file).ifPresent(stamp -> files.put(file, stamp))));
        return files;
    }

    private static boolean isNumber(String name) {
        return name.matches("[0-9]{1,10}") && Long.parseLong(name) <= 0xffff_ffffL;
    }

    private static boolean isRecipe(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING) && RecipeName.isValid(RecipeReader.stem(file));
    }

    private static Stream<Path> list(Path of) {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(of)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return Stream.empty(); // not there yet
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException(e.getCause());
        }
        return entries.stream();
    }

    /**
     * Returns the text of a user's recipe; empty: the user has no recipe of the name.
     *
     * @param name the recipe's name without the user's
     */
    public Optional<String> text(User user, String name) throws IOException {
        if (!RecipeName.isValid(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file(user, name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes a text as a user's recipe, in the place of an existing one. When it returns the text is on disk.
     *
     * @param name the recipe's name without the user's
     * @return the warnings about it
     * @throws NotTakenException when the text is not a recipe that the user may have
     * @throws IOException when it cannot be stored
     */
    public synchronized List<Problem> put(User user, String name, String text) throws NotTakenException, IOException {
        if (!RecipeName.isValid(name)) {
            throw new NotTakenException("invalid recipe name '" + name
                    + "': use 1 to 64 letters, digits, . _ or -, a letter or digit first, and not digits alone");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST) {
            throw new NotTakenException(
                    "the recipe is larger than " + LONGEST / 1024 + " KiB: move its scripts to files");
        }
        Path file = file(user, name);
        Path shown = Path.of(name + ENDING);
        var problems = new Problems();
        var origin = Origin.of(shown, text, user.uid(), RecipeFolder.hash(bytes));
        Optional<Recipe> recipe = reader.read(origin, problems);
        if (recipe.isEmpty()) {
            var sentences = problems.errors().stream().map(Problem::toString).toList();
            throw new NotTakenException(String.join("\n", sentences));
        }
        if (!recipe.get().name().equals(RecipeName.of(user.name(), new RecipeName(name)))) {
            throw new NotTakenException(shown + ": `name` is not allowed: remove it, the recipe's name is " + name);
        }
        Path own = own(user);
        boolean known = Files.exists(file);
        if (!known && list(own).filter(UserRecipes::isRecipe).count() >= settings.recipes()) {
            throw new NotTakenException(user.name() + " has " + settings.recipes()
                    + " recipes, the limit for one user (users: recipes): remove one first");
        }
        make(folder);
        make(own);
        Path fresh = own.resolve("." + name + ".new");
        Files.deleteIfExists(fresh);
        try (var channel =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        Disk.flush(own);
        return problems.all();
    }

    /**
     * Removes a user's recipe.
     *
     * @param name the recipe's name without the user's
     * @return false: the user has no recipe of the name
     */
    public synchronized boolean remove(User user, String name) throws IOException {
        if (!RecipeName.isValid(name) || !Files.deleteIfExists(file(user, name))) {
            return false;
        }
        Disk.flush(own(user));
        return true;
    }

    private Path own(User user) {
        return folder.resolve(Integer.toUnsignedString(user.uid()));
    }

    private Path file(User user, String name) {
        return own(user).resolve(name + ENDING);
    }

    private static void make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, FOLDER);
            Disk.flush(folder.resolveSibling(""));
        }
    }
}
