package io.leprechaun.daemon.trust;

import java.io.IOException;

/** A file is not used because others can change it. The message is a sentence that names the culprit and the command that closes it. */
public final class UntrustedException extends IOException {
    private static final long serialVersionUID = 1L;

    UntrustedException(String sentence) {
        super(sentence);
    }
}
