package io.leprechaun.api;

/** What a handler does to the daemon, from the least to the most, which decides the HTTP method and the role that it takes. */
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

    /** The only HTTP method that a handler of this kind answers. */
    public String method() {
        return this == READ ? "GET" : "POST";
    }

    /** The role that it takes, as the setting {@code access} calls it. Each role includes those before it. */
    public String role() {
        return role;
    }
}
