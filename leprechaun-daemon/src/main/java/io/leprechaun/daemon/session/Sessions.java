package io.leprechaun.daemon.session;

import io.leprechaun.api.Access;
import io.leprechaun.daemon.token.SecretFile;
import io.leprechaun.daemon.token.Secrets;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions in the state folder. A change is on disk when its method returns. Thread-safe. */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    /** The number of sessions that there may be at a time. */
    static final int MOST = 256;

    private final Path file;
    private final InstantSource clock;
    /** Changed under the lock of this; never changed itself. */
    private volatile List<Session> all;

    /**
     * A session that was just begun.
     *
     * @param secret the text by which the browser names it, which can never be shown again
     */
    public record Begun(Session session, String secret) {}

    private Sessions(Path file, InstantSource clock, List<Session> all) {
        this.file = file;
        this.clock = clock;
        this.all = all;
    }

    /**
     * Reads the sessions of a state folder. A damaged line is logged, and its session has ended.
     *
     * @param file the file, which need not exist
     * @throws IOException when it cannot be read
     */
    public static Sessions open(Path file, InstantSource clock) throws IOException {
        List<Session> all = SecretFile.read(
                file, Sessions::parse, line -> LOG.error("{}:{}: damaged session, ended: log in again", file, line));
        return new Sessions(file, clock, all);
    }

    /** Returns the sessions that have not ended, the oldest first. */
    public List<Session> all() {
        return valid().sorted(Comparator.comparing(Session::created)).toList();
    }

    private Stream<Session> valid() {
        Instant now = clock.instant();
        return all.stream().filter(session -> !session.isExpired(now));
    }

    /**
     * Begins a session.
     *
     * @param listed whether the user's role is compared again with each request
     * @param from the address that logged in
     * @return the session; empty: there are too many
     * @throws IOException when it cannot be stored
     */
    public synchronized Optional<Begun> begin(Grant grant, boolean listed, String from, Peer peer) throws IOException {
        var more = new ArrayList<>(valid().toList());
        if (more.size() >= MOST) {
            return Optional.empty();
        }
        String secret = Secrets.make();
        Instant now = clock.instant();
        var session = new Session(
                Secrets.id(this::isTaken),
                grant.by(),
                grant.access(),
                listed,
                grant.way(),
                from,
                now,
                now.plus(grant.life()),
                peer,
                Secrets.hash(secret));
        more.add(session);
        store(more);
        return Optional.of(new Begun(session, secret));
    }

    private boolean isTaken(String id) {
        return all.stream().anyMatch(session -> session.id().equals(id));
    }

    /** Returns the session of a secret, if it has not ended. */
    public Optional<Session> find(String secret) {
        return secret.matches(Secrets.FORM)
                ? valid().filter(session -> Secrets.isOf(secret, session.hash()))
                        .findFirst()
                : Optional.empty();
    }

    /** Returns whether a session has not ended. */
    public boolean isValid(Session known) {
        return valid().anyMatch(session -> session.id().equals(known.id()));
    }

    /**
     * Ends sessions.
     *
     * @return those that were ended
     * @throws IOException when that cannot be stored; they go on then
     */
    public synchronized List<Session> end(Predicate<Session> wanted) throws IOException {
        List<Session> ended = valid().filter(wanted).toList();
        if (!ended.isEmpty()) {
            store(valid().filter(wanted.negate()).toList());
        }
        return ended;
    }

    private void store(List<Session> sessions) throws IOException {
        SecretFile.write(file, sessions.stream().map(Sessions::line).toList());
        all = List.copyOf(sessions);
    }

    private static String line(Session session) {
        return String.join(
                " ",
                session.id(),
                URLEncoder.encode(session.user(), StandardCharsets.UTF_8),
                session.access().name(),
                Boolean.toString(session.listed()),
                session.way(),
                URLEncoder.encode(session.from(), StandardCharsets.UTF_8),
                session.created().toString(),
                session.expires().toString(),
                session.peer().word(),
                session.hash());
    }

    private static Optional<Session> parse(String line) {
        String[] words = line.split(" ", -1);
        try {
            if (!words[3].equals("true") && !words[3].equals("false") || !words[9].matches("[0-9a-f]{64}")) {
                return Optional.empty();
            }
            return Optional.of(new Session(
                    words[0],
                    URLDecoder.decode(words[1], StandardCharsets.UTF_8),
                    Access.valueOf(words[2]),
                    words[3].equals("true"),
                    words[4],
                    URLDecoder.decode(words[5], StandardCharsets.UTF_8),
                    Instant.parse(words[6]),
                    Instant.parse(words[7]),
                    new Peer(words[8]),
                    words[9]));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
