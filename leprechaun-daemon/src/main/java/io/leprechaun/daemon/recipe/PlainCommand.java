package io.leprechaun.daemon.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Texts that mean the same with every shell and without a shell: words of plain characters, the first the name of a
 * program.
 */
final class PlainCommand {
    /**
     * Signs that no shell expands, that neither quote nor end a command, and that begin no comment and no assignment.
     */
    private static final String SIGNS = "_./:@%+,-";

    /** Signs with which a program's name may begin. */
    private static final String FIRST = "_./";

    /** The builtin commands of dash, bash, ash and mksh taken together, and the words of their grammar. */
    private static final Set<String> SHELLS_OWN = Set.of(
            (". : [ alias bg bind break builtin caller case cat cd chdir command compgen complete compopt continue"
                + " coproc declare dirs disown do done echo elif else enable esac eval exec exit export false fc fg fi"
                + " for function getopts global hash help history if in inotify jobs kill let local logout mapfile"
                + " popd print printf pushd pwd read readarray readonly realpath rename return select set shift shopt"
                + " sleep source suspend test then time times trap true type typeset ulimit umask unalias unset until"
                + " wait whence while")
                    .split(" "));

    private PlainCommand() {}

    /** Returns the words of a plain text; empty for every other text. */
    static Optional<List<String>> of(String text) {
        var words = new ArrayList<String>();
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf(' ', at);
            end = end < 0 ? text.length() : end;
            if (end > at) {
                String word = text.substring(at, end);
                if (!isPlain(word, words.isEmpty())) {
                    return Optional.empty();
                }
                words.add(word);
            }
            at = end + 1;
        }
        boolean isProgram = !words.isEmpty() && !SHELLS_OWN.contains(words.getFirst());
        return isProgram ? Optional.of(List.copyOf(words)) : Optional.empty();
    }

    /**
     * Returns whether a word means itself. After a program's name a word may contain {@code =}, but not begin with it.
     */
    private static boolean isPlain(String word, boolean program) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            String signs = program && i == 0 ? FIRST : SIGNS;
            if (!letter && signs.indexOf(c) < 0 && (program || i == 0 || c != '=')) {
                return false;
            }
        }
        return true;
    }
}
