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
 * The recipes of a folder as they come and go. A file is taken when two looks at the folder agree, so never half-written. A file that does not load
 * keeps its last good version in force. Of two files that claim one name or hook id the loaded one stays; when none is, the first by path is taken.
 * A folder that is missing or unreadable, or empty and another one than its recipes were read from (a mount point without its mount), removes no recipe.
 * Not thread-safe.
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
    /** The folder that recipes were read from last, as the file system knows it. */
    private Optional<Object> home = Optional.empty();
    /** Whether there should be recipes, although none has been read. */
    private boolean expected;
    /** What the last look came to. */
    private Optional<RecipeBook> latest = Optional.empty();
    /** Whether another look at the same listing would come to the same: two did, and no file is to be read again. */
    private boolean steady;
    /** Whether the next look takes an empty folder for what it is. */
    private boolean confirmed;

    /**
     * A folder that nothing was read from yet.
     *
     * @param trust what opens the files, anew for each look
     * @param clock tells whether a file was written just now
     */
    public RecipeFolder(Path folder, RecipeReader reader, Supplier<Trust> trust, InstantSource clock) {
        this(folder, reader, trust, clock, Optional.empty());
    }

    /**
     * The same, and the recipes of ordinary users.
     *
     * @param users empty: they have none
     */
    public RecipeFolder(
            Path folder, RecipeReader reader, Supplier<Trust> trust, InstantSource clock, Optional<UserRecipes> users) {
        this.folder = folder;
        this.reader = reader;
        this.trust = trust;
        this.clock = clock;
        this.users = users;
    }

    /** Looks which users may have recipes: what others had is broken from now on, and not in force any more. */
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

    /** Whether files of the daemon's own are known. */
    private boolean hasOwn() {
        return known.keySet().stream().anyMatch(file -> owner(file).isEmpty());
    }

    /** Whether there is no file but those of ordinary users. */
    private boolean isEmpty(Listing now) {
        return now.files().keySet().stream().allMatch(file -> owner(file).isPresent());
    }

    private OptionalInt owner(Path file) {
        return users.map(all -> all.owner(file)).orElse(OptionalInt.empty());
    }

    /** The folder. */
    public Path path() {
        return folder;
    }

    /**
     * Notes that an earlier daemon knew recipes of this folder: that it is empty or missing says nothing of them.
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
     * @param restless take what has settled although something else has not
     * @return empty: something is being written; look again a moment later, 100 ms at least
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

    /** Looks until two looks agree; at most two seconds, and no longer when the latch opens. */
    RecipeBook settled(CountDownLatch hurry) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Optional<RecipeBook> found = look(false);
        while (found.isEmpty()) {
            boolean hurried = hurry.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            found = look(hurried || System.nanoTime() >= end);
        }
        return found.get();
    }

    /** What the folder holds now, for who looks but once: a file that was written just now is waited for. */
    public RecipeBook read() {
        try {
            return settled(new CountDownLatch(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return look(true).orElseThrow();
        }
    }

    /** Whether recipes should be there, and the folder is an empty one that they were not removed from. */
    private boolean isDoubtful(Listing now) {
        return isEmpty(now) && (expected || hasOwn()) && !confirmed && (home.isEmpty() || !home.equals(now.folder()));
    }

    private Optional<String> warning(Listing now) {
        if (now.missing() && (expected || hasOwn())) {
            return Optional.of("the recipes folder " + folder
                    + " does not exist; mount it, or make it again: until then no recipe counts as removed");
        }
        return now.failure()
                .or(now::distrust)
                .or(this::untrusted)
                .or(() -> isDoubtful(now)
                        ? Optional.of("the recipes folder " + folder
                                + " is empty, and there were recipes; mount it, or confirm with `leprechaun daemon"
                                + " reload` that there are none")
                        : Optional.empty());
    }

    /** The first file that is not used because others can change it. */
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
        // those of users lie in a folder of the daemon's own, whatever is wrong with the other
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

    /** A recipe file with its text; empty when it cannot be read or is not to be trusted, which is noted. */
    public static Optional<Origin> origin(Path file, Trust trust, Problems problems) {
        return YamlText.bytes(file, trust, problems)
                .flatMap(bytes ->
                        YamlText.decode(file, bytes, problems).map(text -> new Origin(file, text.text(), hash(bytes))));
    }

    /** The recipe files of a folder, by path. */
    public static List<Path> files(Path folder) {
        return List.copyOf(Listing.of(folder, Trust.lenient()).files().keySet());
    }

    /** The files of a folder that are not read, and are named as if they should be: {@code *.YML}, {@code *.yml.txt}; by path. */
    public static List<Path> almostFiles(Path folder) {
        return Listing.almost(folder);
    }

    /** Gives names and hook ids to the files: first to those that have them, then by path. */
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

    /** How good a file's claim to its recipe's name is. */
    private enum ClaimRank {
        /** It is loaded, and claims nothing new. */
        LOADED,
        /** It is loaded under this name, and claims another hook id. */
        NAMED,
        /** It is new, or claims another name. */
        NEW
    }

    /** What is known of one file. */
    private static final class Known {
        private final Path file;
        /** What its recipe is called as long as it cannot be read. */
        private final String named;

        private Listing.@Nullable Stamp stamp;
        /** The file as it is now, if that is right. */
        private Optional<Recipe> read = Optional.empty();

        /** Why its owner may have no recipes. */
        private Optional<String> barred = Optional.empty();

        /** Why it was not read: others can change it. */
        private Optional<String> untrusted = Optional.empty();

        private List<Problem> problems = List.of();
        private Optional<Recipe> inForce = Optional.empty();
        /** In force from the next book on. */
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
