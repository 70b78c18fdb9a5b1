package io.leprechaun.api;

/**
 * A handler's effect on the daemon, from the least to the most. It decides the HTTP method and the role that the caller
 * needs.
 */
public enum Access {
    /** Only reads: GET. */
    READ("read"),
    /** Changes something: POST. */
    CHANGE("operate"),
    /** Changes the daemon itself: POST. */
    ADMINISTER("administer");

    private final String role;

    Access(String role) {
        this.role = role;
    }

    /** Returns the only HTTP method that a handler of this kind answers. */
    public String method() {
        return this == READ ? "GET" : "POST";
    }

    /**
     * Returns the role that the caller needs, as the setting {@code access} names it. Each role includes those before
     * it.
     */
    public String role() {
        return role;
    }
}
