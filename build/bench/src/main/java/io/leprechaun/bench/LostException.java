package io.leprechaun.bench;

/** The exception for a request without its effect: the measurement is invalid. */
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
