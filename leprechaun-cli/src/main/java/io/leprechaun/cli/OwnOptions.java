package io.leprechaun.cli;

import static io.leprechaun.api.Option.flag;
import static io.leprechaun.api.Option.valued;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Option;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The client's own options, which may stand anywhere on the line: {@link Invocation} reads them. */
final class OwnOptions {
    static final List<Option> ALL = List.of(
            flag("--json", "print one JSON document in place of a table"),
            flag("-q", "print ids only: names, or numbers of runs (also --quiet)"),
            valued("--socket", "PATH", "socket of the daemon (or LEPRECHAUN_SOCKET)"),
            valued("--config", "FILE", "settings of the daemon (or LEPRECHAUN_CONFIG)"),
            flag("-h", "show this help, or a command's (also --help)"));

    /** The long names, including those for the first word alone. */
    static final List<String> NAMES = Stream.concat(Arguments.OF_CLIENT.stream(), Stream.of("--cmd", "--version"))
            .toList();

    private OwnOptions() {}

    static Optional<Option> find(String name) {
        return ALL.stream().filter(option -> option.name().equals(name)).findFirst();
    }
}
