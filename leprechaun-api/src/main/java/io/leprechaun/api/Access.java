package io.leprechaun.api;

/** What a handler does to the daemon, which decides the HTTP method and who may call it. */
public enum Access {
    /** Only reads: GET. */
    READ,
    /** Changes something: POST. */
    CHANGE,
    /** Changes the daemon itself: POST, and only for root and the daemon's own user. */
    ADMINISTER;

    /** The only HTTP method that a handler of this kind answers. */
    public String method() {
        return this == READ ? "GET" : "POST";
    }
}
