package io.leprechaun.daemon.token;

import io.leprechaun.api.Access;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens in the state folder. A change is on disk when its method returns. Thread-safe. */
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    /** The form of a token, by which scanners of code can find one that was published. */
    private static final Pattern FORM = Pattern.compile("lep_([0-9a-f]{8})_([A-Za-z0-9_-]{43})");

    /** The time between two notes of a token's use. */
    private static final Duration USE = Duration.ofHours(1);

    private final Path file;
    private final InstantSource clock;
    /** Changed under the lock of this; never changed itself. */
    private volatile List<Token> all;

    /**
     * A token that was just made.
     *
     * @param text the token with its secret, which can never be shown again
     */
    public record Issued(Token token, String text) {}

    private Tokens(Path file, InstantSource clock, List<Token> all) {
        this.file = file;
        this.clock = clock;
        this.all = all;
    }

    /**
     * Reads the tokens of a state folder. A damaged line is logged, and its token no longer valid.
     *
     * @param file the file, which need not exist
     * @throws IOException when it cannot be read
     */
    public static Tokens open(Path file, InstantSource clock) throws IOException {
        List<Token> all = SecretFile.read(
                file,
                Tokens::parse,
                line -> LOG.error("{}:{}: damaged token, no longer valid: make another one", file, line));
        return new Tokens(file, clock, all);
    }

    /** Returns all tokens by name, expired ones included. */
    public List<Token> all() {
        return all.stream().sorted(Comparator.comparing(Token::name)).toList();
    }

    /**
     * Makes a token.
     *
     * @param life the time after which it expires; empty: never
     * @return the token; empty: another one has the name
     * @throws IOException when it cannot be stored
     */
    public synchronized Optional<Issued> issue(String name, Access scope, String by, Optional<Duration> life)
            throws IOException {
        if (all.stream().anyMatch(token -> token.name().equals(name))) {
            return Optional.empty();
        }
        String id = Secrets.id(this::isTaken);
        String secret = Secrets.make();
        Instant now = clock.instant();
        var token = new Token(id, name, scope, by, now, life.map(now::plus), Optional.empty(), Secrets.hash(secret));
        var more = new ArrayList<>(all);
        more.add(token);
        store(more);
        return Optional.of(new Issued(token, "lep_" + id + "_" + secret));
    }

    private boolean isTaken(String id) {
        return all.stream().anyMatch(token -> token.id().equals(id));
    }

    /**
     * Revokes a token.
     *
     * @return whether there was one of this name
     * @throws IOException when that cannot be stored; it stays valid then
     */
    public synchronized boolean revoke(String name) throws IOException {
        var fewer = all.stream().filter(token -> !token.name().equals(name)).toList();
        boolean known = fewer.size() < all.size();
        if (known) {
            store(fewer);
        }
        return known;
    }

    /** Returns the token that a caller sent, if it is valid now, and notes its use. */
    public Optional<Token> find(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Token> found = all.stream()
                .filter(token -> token.id().equals(form.group(1)))
                .filter(token -> Secrets.isOf(form.group(2), token.hash()))
                .filter(token -> !token.isExpired(now))
                .findFirst();
        found.filter(token -> token.used()
                        .filter(last -> now.isBefore(last.plus(USE)))
                        .isEmpty())
                .ifPresent(token -> use(token, now));
        return found;
    }

    /** Returns whether a token is valid now. */
    public boolean isValid(Token known) {
        return all.stream().anyMatch(token -> token.id().equals(known.id()) && !token.isExpired(clock.instant()));
    }

    private synchronized void use(Token used, Instant now) {
        try {
            store(all.stream()
                    .map(token -> token.id().equals(used.id()) ? token.usedAt(now) : token)
                    .toList());
        } catch (IOException e) {
            LOG.debug("the use of a token cannot be stored", e); // it is valid all the same
        }
    }

    /** Stores these tokens in place of those before. */
    private void store(List<Token> tokens) throws IOException {
        SecretFile.write(file, tokens.stream().map(Tokens::line).toList());
        all = List.copyOf(tokens);
    }

    private static String line(Token token) {
        return String.join(
                " ",
                token.id(),
                token.name(),
                token.scope().name(),
                URLEncoder.encode(token.by(), StandardCharsets.UTF_8),
                token.created().toString(),
                token.expires().map(Instant::toString).orElse("never"),
                token.used().map(Instant::toString).orElse("never"),
                token.hash());
    }

    private static Optional<Token> parse(String line) {
        String[] words = line.split(" ", -1);
        try {
            return Optional.of(new Token(
                    words[0],
                    words[1],
                    Access.valueOf(words[2]),
                    URLDecoder.decode(words[3], StandardCharsets.UTF_8),
                    Instant.parse(words[4]),
                    instant(words[5]),
                    instant(words[6]),
                    words[7]));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String word) {
        return word.equals("never") ? Optional.empty() : Optional.of(Instant.parse(word));
    }
}
