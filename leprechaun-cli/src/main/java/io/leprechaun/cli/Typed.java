package io.leprechaun.cli;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The check that the words of the command line are UTF-8. Java has replaced all other bytes by U+FFFD, and altered
 * words must not be passed on.
 */
final class Typed {
    private static final char REPLACEMENT = '\uFFFD';

    private Typed() {}

    /** @throws ProblemException (usage) for words that differ from the typed ones */
    static void requireUtf8(List<String> words, Path commandLine) {
        if (words.stream().noneMatch(word -> word.indexOf(REPLACEMENT) >= 0)) {
            return;
        }
        byte[] typed;
        try {
            typed = Files.readAllBytes(commandLine);
        } catch (IOException e) {
            throw new ProblemException(Problem.usage("cannot check that the arguments are UTF-8, because " + commandLine
                    + " is not readable: mount /proc"));
        }
        int end = typed.length;
        for (int number = words.size();
                number > 0 && end > 0;
                number--) { // the last words are ours, each terminated by NUL
            int begin = end - 1;
            while (begin > 0 && typed[begin - 1] != 0) {
                begin--;
            }
            if (!isUtf8(Arrays.copyOfRange(typed, begin, end))) {
                throw new ProblemException(Problem.usage("argument " + number + ", '" + words.get(number - 1)
                        + "', is not valid UTF-8: use UTF-8, or pass other bytes in a file"));
            }
            end = begin;
        }
    }

    private static boolean isUtf8(byte[] word) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(word));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
