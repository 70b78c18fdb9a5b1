package io.leprechaun.daemon.http.console;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The answers to changes that were sent with a key. A form that is sent twice changes something once. Refused changes
 * are not kept: they had no effect. Thread-safe.
 */
public final class AnswerMemory {
    /** The time for which an answer is kept. */
    static final Duration KEPT = Duration.ofMinutes(10);
    /** The number of answers that are kept; a further one takes the place of the oldest. */
    static final int MOST = 512;
    /** The number of answers that are kept for one caller. */
    static final int MOST_OF_ONE = 64;

    private static final String KEY = "[!-~]{1,128}";

    private final LongSupplier nanoTime;
    /** The answers, the oldest first. Guarded by itself. */
    private final Map<Name, Kept> answers = new LinkedHashMap<>();

    private record Name(String holder, String key) {}

    /** An answer, or the place for one. Guarded by the map. */
    private static final class Kept {
        private final String request;
        private final long since;
        private boolean ended;
        private Optional<Reply> reply = Optional.empty();

        Kept(String request, long since) {
            this.request = request;
            this.since = since;
        }
    }

    /** @param nanoTime the clock of elapsed time, in nanoseconds */
    public AnswerMemory(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Carries a change out, or returns the answer to the same change before.
     *
     * @param holder the session or token, whose keys are its own
     * @param key the key of the request
     * @param request the request itself, for comparison
     * @throws ProblemException when the key is invalid or belongs to another request, or the answer is not there: not
     *     yet, or not any more
     */
    public Reply once(String holder, String key, String request, Supplier<Reply> change) {
        if (!key.matches(KEY)) {
            throw new ProblemException(
                    Problem.usage("invalid Idempotency-Key: use 1 to 128 visible characters of ASCII"));
        }
        var name = new Name(holder, key);
        var mine = new Kept(request, nanoTime.getAsLong());
        Optional<Reply> known = known(name, mine);
        if (known.isPresent()) {
            return known.get();
        }
        boolean refused = false;
        Optional<Reply> reply = Optional.empty();
        try {
            reply = Optional.of(change.get());
            return reply.get();
        } catch (ProblemException e) {
            refused = true;
            throw e;
        } finally {
            end(name, mine, refused, reply);
        }
    }

    /** Returns the answer that is kept under a name; empty: the place is taken for a new one. */
    private Optional<Reply> known(Name name, Kept mine) {
        synchronized (answers) {
            expire();
            Kept kept = answers.get(name);
            if (kept == null) {
                makeRoom(name.holder());
                answers.put(name, mine);
                return Optional.empty();
            }
            if (!kept.request.equals(mine.request)) {
                throw new ProblemException(new Problem(
                        422,
                        "Key in use",
                        "this Idempotency-Key belongs to another request: send each request with a key of its own",
                        ExitCode.USAGE));
            }
            if (!kept.ended) {
                throw new ProblemException(Problem.refused("the same request is being answered: wait for its answer"));
            }
            if (kept.reply.isEmpty()) {
                throw new ProblemException(Problem.refused("the same request was carried out before, and its answer"
                        + " was not kept: see `leprechaun changes`"));
            }
            return kept.reply;
        }
    }

    private void end(Name name, Kept mine, boolean refused, Optional<Reply> reply) {
        synchronized (answers) {
            mine.ended = true;
            mine.reply = reply.filter(Reply.Document.class::isInstance);
            if (refused) {
                answers.remove(name, mine);
            }
        }
    }

    private void expire() {
        long now = nanoTime.getAsLong();
        answers.values().removeIf(kept -> kept.ended && now - kept.since >= KEPT.toNanos());
    }

    private void makeRoom(String holder) {
        long own = answers.keySet().stream()
                .filter(name -> name.holder().equals(holder))
                .count();
        boolean ofOne = own >= MOST_OF_ONE;
        if (!ofOne && answers.size() < MOST) {
            return;
        }
        Iterator<Map.Entry<Name, Kept>> oldest = answers.entrySet().iterator();
        while (oldest.hasNext()) {
            var entry = oldest.next();
            if (entry.getValue().ended && (!ofOne || entry.getKey().holder().equals(holder))) {
                oldest.remove();
                return;
            }
        }
    }
}
