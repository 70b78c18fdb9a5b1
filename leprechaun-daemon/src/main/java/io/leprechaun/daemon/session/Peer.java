package io.leprechaun.daemon.session;

/**
 * The user at the other end of a connection, to whom a session may be bound. Immutable.
 *
 * @param word the number of the user, {@code unknown} or {@code any}
 */
public record Peer(String word) {
    /** The peer of a session that is not bound: its cookie is sent over TLS to one host alone. */
    public static final Peer ANY = new Peer("any");
    /** The peer of a connection whose user is not known. */
    public static final Peer UNKNOWN = new Peer("unknown");

    private static final String FORM = "[0-9]{1,10}|unknown|any";

    /** @throws IllegalArgumentException for another word */
    public Peer {
        if (!word.matches(FORM)) {
            throw new IllegalArgumentException("invalid peer '" + word + "'");
        }
    }

    /** Returns whether a session that is bound to this peer may be used by another one. */
    public boolean admits(Peer other) {
        return equals(ANY) || equals(other);
    }

    @Override
    public String toString() {
        return word.matches("[0-9]+") ? "uid " + word : word + " user";
    }
}
