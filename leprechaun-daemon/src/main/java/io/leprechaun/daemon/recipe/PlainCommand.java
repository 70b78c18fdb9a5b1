package io.leprechaun.daemon.recipe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Texts that mean the same to every shell and to no shell at all: words of plain characters, the first the name of a program. */
final class PlainCommand {
    /** No character that a shell expands, quotes with or ends a command at, and none that begins a comment or an assignment. */
    private static final Pattern WORDS =
            Pattern.compile(" *[A-Za-z0-9_./][A-Za-z0-9_./:@%+,-]*( +[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*)* *");

    /** What shells do themselves, dash, bash, ash and mksh taken together, and the words of their grammar. */
    private static final Set<String> SHELLS_OWN = Set.of(
            (". : [ alias bg bind break builtin caller case cat cd chdir command compgen complete compopt continue"
                + " coproc declare dirs disown do done echo elif else enable esac eval exec exit export false fc fg fi"
                + " for function getopts global hash help history if in inotify jobs kill let local logout mapfile"
                + " popd print printf pushd pwd read readarray readonly realpath rename return select set shift shopt"
                + " sleep source suspend test then time times trap true type typeset ulimit umask unalias unset until"
                + " wait whence while")
                    .split(" "));

    private PlainCommand() {}

    /** The words of a text that is one; empty for every other. */
    static Optional<List<String>> of(String text) {
        if (!WORDS.matcher(text).matches()) {
            return Optional.empty();
        }
        List<String> words = List.of(text.strip().split(" +"));
        return SHELLS_OWN.contains(words.getFirst()) ? Optional.empty() : Optional.of(words);
    }
}
