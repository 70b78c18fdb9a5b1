package io.leprechaun.daemon.run;

import java.util.Map;
import java.util.Optional;

/** The exit codes as shells write them: 128 + n for a process that signal n ended, however the signal was seen. */
public final class ExitStatus {
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "HUP"),
            Map.entry(2, "INT"),
            Map.entry(3, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(5, "TRAP"),
            Map.entry(6, "ABRT"),
            Map.entry(7, "BUS"),
            Map.entry(8, "FPE"),
            Map.entry(9, "KILL"),
            Map.entry(10, "USR1"),
            Map.entry(11, "SEGV"),
            Map.entry(12, "USR2"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(15, "TERM"),
            Map.entry(16, "STKFLT"),
            Map.entry(24, "XCPU"),
            Map.entry(25, "XFSZ"),
            Map.entry(26, "VTALRM"),
            Map.entry(27, "PROF"),
            Map.entry(29, "IO"),
            Map.entry(30, "PWR"),
            Map.entry(31, "SYS"));

    /** The real-time signals of Linux that the C library leaves to programs: signal(7). */
    private static final int RTMIN = 34;

    private static final int RTMAX = 64;

    /** The code of a process that wrote into a pipe without a reader. */
    public static final int SIGPIPE = 128 + 13;

    private ExitStatus() {}

    /** Returns the signal's name without SIG, if the code stands for a signal. */
    public static Optional<String> signal(int code) {
        int signal = code - 128;
        if (signal >= RTMIN && signal <= RTMAX) {
            return Optional.of(signal == RTMIN ? "RTMIN" : "RTMIN+" + (signal - RTMIN));
        }
        return Optional.ofNullable(SIGNALS.get(signal));
    }

    /** Returns the meaning of a code that shells set themselves (POSIX.1-2024, XCU 2.8.2); empty for all others. */
    public static Optional<String> meaning(int code) {
        return switch (code) {
            case 126 -> Optional.of("command not executable");
            case 127 -> Optional.of("command not found");
            default -> Optional.empty();
        };
    }

    /** Returns a code as text for users: {@code exit 2}, {@code 137 (KILL)}. */
    public static String text(int code) {
        return signal(code).map(signal -> code + " (" + signal + ")").orElse("exit " + code);
    }
}
