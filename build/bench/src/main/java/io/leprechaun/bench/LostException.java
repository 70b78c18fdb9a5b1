package io.leprechaun.bench;

/** Something that was asked for did not happen: what was measured is worth nothing. */
final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostException(String message) {
        super(message);
    }

    static void unless(boolean right, String message) {
        if (!right) {
            throw new LostException(message);
        }
    }
}
