package io.leprechaun.daemon.trust;

import java.io.IOException;

/**
 * The refusal of a file that others can change. The message is a sentence that names the file or folder at fault and
 * the command that closes it.
 */
public final class UntrustedException extends IOException {
    private static final long serialVersionUID = 1L;

    UntrustedException(String sentence) {
        super(sentence);
    }
}
