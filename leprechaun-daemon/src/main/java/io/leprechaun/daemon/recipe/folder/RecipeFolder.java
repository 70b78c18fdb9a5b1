package io.leprechaun.daemon.recipe.folder;

import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.YamlText;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The recipes of a folder, kept up to date by looks at it. A file is taken when two looks at the folder agree, so never
 * half-written. A file that does not load keeps its last valid version in force. Of two files that claim one name or
 * hook id the loaded one stays; when none is loaded, the first by path is taken. A folder that is missing or unreadable
 * removes no recipe. Nor does an empty one that is not the folder of its recipes (a mount point without its mount). Not
 * thread-safe.
 */
public final class RecipeFolder {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final Path folder;
    private final RecipeReader reader;
    private final Supplier<Trust> trust;
    private final InstantSource clock;
    private final Optional<UserRecipes> users;
    private final SortedMap<Path, Known> known = new TreeMap<>();
    private @Nullable Listing before;
    /** The folder of the last recipes that were read, as the file system identifies it. */
    private Optional<Object> home = Optional.empty();
    /** The state after {@link #expect}: recipes are expected, although none has been read. */
    private boolean expected;
    /** The result of the last look. */
    private Optional<RecipeBook> latest = Optional.empty();
    /**
     * The state in which another look at the same listing would give the same result: two looks did, and no file is to
     * be read again.
     */
    private boolean steady;
    /** The state after {@link #confirm}: the next look accepts an empty folder as empty. */
    private boolean confirmed;

    /**
     * Creates a folder from which nothing was read yet.
     *
     * @param trust the rule by which files are opened, made again for each look
     * @param clock the clock that shows whether a file was written just now
     */
    public RecipeFolder(Path folder, RecipeReader reader, Supplier<Trust> trust, InstantSource clock) {
        this(folder, reader, trust, clock, Optional.empty());
    }

    /**
     * Creates a folder that includes the recipes of ordinary users.
     *
     * @param users the recipes of users; empty: users have none
     */
    public RecipeFolder(
            Path folder, RecipeReader reader, Supplier<Trust> trust, InstantSource clock, Optional<UserRecipes> users) {
        this.folder = folder;
        this.reader = reader;
        this.trust = trust;
        this.clock = clock;
        this.users = users;
    }

    /**
     * Checks which users may have recipes. The recipes of all others are broken from now on, and no longer in force.
     */
    private void barOwners() {
        for (Known entry : known.values()) {
            OptionalInt owner = owner(entry.file);
            Optional<String> barred = owner.isEmpty() ? Optional.empty() : reader.barred(owner.getAsInt());
            if (!barred.equals(entry.barred)) {
                entry.barred = barred;
                entry.read = Optional.empty();
                entry.inForce = barred.isPresent() ? Optional.empty() : entry.inForce;
                entry.stamp = null; // it is read again
                steady = false;
            }
        }
    }

    private Listing list(Trust trusted) {
        Listing own = Listing.of(folder, trusted);
        return users.map(UserRecipes::files).map(own::with).orElse(own);
    }

    /** Returns whether files of the daemon's own are known. */
    private boolean hasOwn() {
        return known.keySet().stream().anyMatch(file -> owner(file).isEmpty());
    }

    /** Returns whether there is no file but those of ordinary users. */
    private boolean isEmpty(Listing now) {
        return now.files().keySet().stream().allMatch(file -> owner(file).isPresent());
    }

    private OptionalInt owner(Path file) {
        return users.map(all -> all.owner(file)).orElse(OptionalInt.empty());
    }

    /** Returns the folder. */
    public Path path() {
        return folder;
    }

    /**
     * Notes that an earlier daemon knew recipes of this folder: an empty or missing folder does not remove them.
     *
     * @param first the book of the first look
     * @return that book, with a warning if there are no recipe files
     */
    RecipeBook expect(RecipeBook first) {
        expected = first.entries().isEmpty();
        steady = false;
        Listing last = before;
        return expected && last != null
                ? new RecipeBook(folder, List.of(), warning(last).or(first::warning))
                : first;
    }

    /** Lets the next look remove the recipes of a folder that is empty. */
    void confirm() {
        confirmed = true;
    }

    /**
     * Looks at the folder once.
     *
     * @param restless whether to take the files that have settled although others have not
     * @return the book; empty: a file is being written, look again a moment later, 100 ms at least
     */
    public Optional<RecipeBook> look(boolean restless) {
        Trust trusted = trust.get();
        barOwners();
        Listing now = list(trusted);
        Listing last = before;
        before = now;
        boolean settled = last == null ? now.isOld(clock.instant()) : now.equals(last);
        steady &= settled && last != null;
        if (steady && !confirmed) {
            return latest;
        }
        if (!settled && !restless) {
            return Optional.empty();
        }
        if (!take(now, last == null ? Listing.none() : last, settled, trusted) && !restless) {
            return Optional.empty();
        }
        Optional<RecipeBook> book = Optional.of(book(now));
        steady = book.equals(latest) && known.values().stream().allMatch(entry -> entry.stamp != null);
        latest = book;
        confirmed = false;
        return book;
    }

    /** Looks until two looks agree; at most two seconds, and no longer than until the latch opens. */
    RecipeBook settled(CountDownLatch hurry) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Optional<RecipeBook> found = look(false);
        while (found.isEmpty()) {
            boolean hurried = hurry.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            found = look(hurried || System.nanoTime() >= end);
        }
        return found.get();
    }

    /**
     * Returns the recipes in the folder now, for a caller that looks only once: a file that was written just now is
     * waited for.
     */
    public RecipeBook read() {
        try {
            return settled(new CountDownLatch(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return look(true).orElseThrow();
        }
    }

    /** Returns whether recipes are expected, and the folder is empty but not the one from which they were read. */
    private boolean isDoubtful(Listing now) {
        return isEmpty(now) && (expected || hasOwn()) && !confirmed && (home.isEmpty() || !home.equals(now.folder()));
    }

    private Optional<String> warning(Listing now) {
        if (now.missing() && (expected || hasOwn())) {
            return Optional.of("the recipes folder " + folder
                    + " does not exist; mount it, or create it: until then no recipe counts as removed");
        }
        return now.failure()
                .or(now::distrust)
                .or(this::untrusted)
                .or(() -> isDoubtful(now)
                        ? Optional.of("the recipes folder " + folder
                                + " is empty, and had recipes before; mount it, or run `leprechaun daemon reload` to"
                                + " confirm that there are none")
                        : Optional.empty());
    }

    /** Returns the first file that is not used because other users can change it. */
    private Optional<String> untrusted() {
        return known.values().stream()
                .flatMap(entry -> entry.untrusted.stream())
                .findFirst()
                .map(why -> "a recipe is not read: " + why);
    }

    /** @return false when a file changed while it was read */
    private boolean take(Listing now, Listing last, boolean settled, Trust trusted) {
        boolean isRead = now.failure().isEmpty() && !isDoubtful(now);
        if (isRead) {
            expected = false;
            home = isEmpty(now) ? home : now.folder();
        }
        // the files of users lie in a folder of the daemon's own, which is read even if the other folder fails
        known.keySet()
                .removeIf(file -> (isRead || owner(file).isPresent())
                        && !now.files().containsKey(file)
                        && (settled || !last.files().containsKey(file)));
        boolean whole = true;
        for (var file : now.files().entrySet()) {
            Listing.Stamp stamp = file.getValue();
            Known old = known.get(file.getKey());
            boolean still = settled || stamp.equals(last.files().get(file.getKey()));
            if (still && (old == null || !stamp.equals(old.stamp))) {
                whole &= load(file.getKey(), stamp, trusted);
            }
        }
        return whole;
    }

    private boolean load(Path file, Listing.Stamp stamp, Trust trusted) {
        var problems = new Problems();
        Optional<Origin> origin = origin(file, trusted, problems).map(this::owned);
        if (!Listing.Stamp.of(file).equals(Optional.of(stamp))) {
            before = list(trusted);
            return false;
        }
        Known entry = known.computeIfAbsent(file, path -> new Known(path, named(path)));
        entry.stamp = stamp;
        entry.untrusted = origin.isEmpty() && problems.mayPass()
                ? problems.errors().stream().map(Problem::message).findFirst()
                : Optional.empty();
        if (origin.isEmpty()
                || entry.read.isEmpty()
                || !entry.read.get().origin().hash().equals(origin.get().hash())) {
            entry.read = origin.flatMap(text -> reader.read(text, problems));
            entry.problems = problems.all();
            if (problems.mayPass()) {
                entry.stamp = null; // it is read again by the next look
            }
        }
        return true;
    }

    private String named(Path file) {
        String stem = RecipeReader.stem(file);
        OptionalInt owner = owner(file);
        return owner.isEmpty() ? stem : UserRecipes.user(owner.getAsInt()) + "/" + stem;
    }

    private Origin owned(Origin origin) {
        OptionalInt owner = owner(origin.file());
        return owner.isEmpty() ? origin : Origin.of(origin.file(), origin.text(), owner.getAsInt(), origin.hash());
    }

    /** Reads a recipe file with its text; empty when it cannot be read or is not trusted, which is noted. */
    public static Optional<Origin> origin(Path file, Trust trust, Problems problems) {
        return YamlText.bytes(file, trust, problems)
                .flatMap(bytes ->
                        YamlText.decode(file, bytes, problems).map(text -> new Origin(file, text.text(), hash(bytes))));
    }

    /** Returns the recipe files of a folder, by path. */
    public static List<Path> files(Path folder) {
        return List.copyOf(Listing.of(folder, Trust.lenient()).files().keySet());
    }

    /**
     * Returns the files of a folder that are not read, although their names suggest recipes: {@code *.YML},
     * {@code *.yml.txt}; by path.
     */
    public static List<Path> almostFiles(Path folder) {
        return Listing.almost(folder);
    }

    /** Gives names and hook ids to the files: first to their present holders, then by path. */
    private RecipeBook book(Listing now) {
        var claims = new Claims();
        for (ClaimRank standing : ClaimRank.values()) {
            List<Known> equals = known.values().stream()
                    .filter(entry -> entry.standing() == standing)
                    .toList();
            equals.forEach(entry -> entry.claim(claims));
        }
        List<RecipeBook.BookEntry> entries =
                known.values().stream().map(entry -> entry.entry(claims)).toList();
        known.values().forEach(entry -> entry.inForce = entry.next);
        return new RecipeBook(folder, entries, warning(now));
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The strength of a file's claim to its recipe's name. */
    private enum ClaimRank {
        /** It is loaded, and claims nothing new. */
        LOADED,
        /** It is loaded under this name, and claims another hook id. */
        NAMED,
        /** It is new, or claims another name. */
        NEW
    }

    /** The state of one file. */
    private static final class Known {
        private final Path file;
        /** The name of its recipe while it cannot be read. */
        private final String named;

        private Listing.@Nullable Stamp stamp;
        /** The recipe in the file as it is now, if it is valid. */
        private Optional<Recipe> read = Optional.empty();

        /** The reason why its owner may have no recipes. */
        private Optional<String> barred = Optional.empty();

        /** The reason why it was not read: other users can change it. */
        private Optional<String> untrusted = Optional.empty();

        private List<Problem> problems = List.of();
        private Optional<Recipe> inForce = Optional.empty();
        /** The recipe in force from the next book on. */
        private Optional<Recipe> next = Optional.empty();

        private Optional<String> clash = Optional.empty();

        Known(Path file, String named) {
            this.file = file;
            this.named = named;
        }

        ClaimRank standing() {
            if (inForce.isEmpty()) {
                return ClaimRank.NEW;
            }
            Recipe candidate = read.orElse(inForce.get());
            if (Claims.same(candidate, inForce.get())) {
                return ClaimRank.LOADED;
            }
            return candidate.name().equals(inForce.get().name()) ? ClaimRank.NAMED : ClaimRank.NEW;
        }

        void claim(Claims claims) {
            clash = read.flatMap(claims::take);
            next = read.isPresent() && clash.isEmpty()
                    ? read
                    : inForce.filter(last -> claims.take(last).isEmpty());
        }

        RecipeBook.BookEntry entry(Claims claims) {
            var all = new ArrayList<>(problems);
            next.or(() -> read)
                    .flatMap(claims::missing)
                    .ifPresent(sentence -> all.add(new Problem(file, 1, 1, Problem.Severity.WARNING, sentence)));
            clash.ifPresent(sentence -> all.addFirst(new Problem(file, 1, 1, Problem.Severity.ERROR, sentence)));
            String name =
                    next.or(() -> read).map(recipe -> recipe.name().value()).orElse(named);
            return new RecipeBook.BookEntry(name, file, next, all);
        }
    }
}
