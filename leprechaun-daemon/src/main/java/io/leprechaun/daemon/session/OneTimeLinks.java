package io.leprechaun.daemon.session;

import io.leprechaun.daemon.token.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The secrets that log a user in once, within a minute. Only their hashes are in memory. Thread-safe. */
public final class OneTimeLinks {
    /** The time within which a secret must be used. */
    public static final Duration LIFE = Duration.ofSeconds(60);

    /** The number of secrets at a time; a further one takes the place of the oldest. */
    private static final int MOST = 64;
    /** The number of wrong codes after which the codes are no longer valid. */
    private static final int TRIES = 5;
    /** The 32 characters of a code: none is mistaken for another one. */
    private static final String CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final int CODE = 8;

    private final LongSupplier nanoTime;
    /** The secrets that were not used yet, the oldest first. Guarded by this. */
    private final List<Offer> offers = new ArrayList<>();

    /** A secret that may be used. Guarded by the owner. */
    private static final class Offer {
        private final String hash;
        private final Grant grant;
        private final boolean code;
        private final long since;
        private int tries;

        Offer(String hash, Grant grant, boolean code, long since) {
            this.hash = hash;
            this.grant = grant;
            this.code = code;
            this.since = since;
        }
    }

    /** @param nanoTime the clock of elapsed time, in nanoseconds */
    public OneTimeLinks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns a new secret for a link, of 256 bits. */
    public String link(Grant grant) {
        String secret = Secrets.make();
        offer(secret, grant, false);
        return secret;
    }

    /** Returns a new secret to type, of 40 bits: few tries protect it. */
    public String code(Grant grant) {
        var code = new StringBuilder();
        for (byte random : Secrets.bytes(CODE)) {
            code.append(CHARACTERS.charAt(random & 31));
        }
        offer(code.toString(), grant, true);
        return code.toString();
    }

    private synchronized void offer(String secret, Grant grant, boolean code) {
        expire();
        if (offers.size() >= MOST) {
            offers.removeFirst();
        }
        offers.add(new Offer(Secrets.hash(secret), grant, code, nanoTime.getAsLong()));
    }

    /** Returns the right that a link's secret gives, which it gives once. */
    public synchronized Optional<Grant> redeemLink(String secret) {
        expire();
        return secret.matches(Secrets.FORM) ? redeem(secret, false) : Optional.empty();
    }

    /**
     * Returns the right that a typed code gives, which it gives once. After five wrong codes no code is valid, so that
     * trying is no use.
     */
    public synchronized Optional<Grant> redeemCode(String typed) {
        expire();
        String code = typed.strip()
                .replace("-", "")
                .replace(" ", "")
                .toUpperCase(Locale.ROOT)
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1');
        Optional<Grant> grant = code.length() == CODE ? redeem(code, true) : Optional.empty();
        if (grant.isEmpty()) {
            offers.removeIf(offer -> offer.code && ++offer.tries >= TRIES);
        }
        return grant;
    }

    private Optional<Grant> redeem(String secret, boolean code) {
        Optional<Offer> found = offers.stream()
                .filter(offer -> offer.code == code && Secrets.isOf(secret, offer.hash))
                .findFirst();
        found.ifPresent(offers::remove);
        return found.map(offer -> offer.grant);
    }

    private void expire() {
        long now = nanoTime.getAsLong();
        offers.removeIf(offer -> now - offer.since >= LIFE.toNanos());
    }
}
