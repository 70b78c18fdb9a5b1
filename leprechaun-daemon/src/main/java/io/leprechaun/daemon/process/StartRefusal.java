package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;

/** The reasons that the system did not start a program: one error number stands for several causes. */
final class StartRefusal {
    private StartRefusal() {}

    static SpawnException of(Launch launch, int errno) {
        return SpawnException.notRunnable(launch.spec(), reason(launch, errno));
    }

    /** Returns whether a program that the system cannot execute by itself is a text file, and so may be a script. */
    static boolean isText(Launch launch) {
        return Shebang.firstLine(launch.file())
                .filter(line -> line.indexOf(0) < 0)
                .isPresent();
    }

    private static String reason(Launch launch, int errno) {
        return switch (errno) {
            case Errno.E2BIG -> tooLong(launch);
            case Errno.EAGAIN -> "limit of processes reached: raise it (TasksMax=, ulimit -u) or run fewer at once";
            case Errno.EMFILE ->
                "the daemon's limit of open files is reached: raise it (LimitNOFILE=, ulimit -n) or run fewer at once";
            case Errno.ENFILE -> "the host's limit of open files is reached: raise fs.file-max or end some processes";
            case Errno.ENOMEM -> "not enough memory to start a process";
            case Errno.ENOEXEC -> launch.program() + " is not a program for this kind of machine";
            case Errno.ENOENT, Errno.EACCES -> missingOrForbidden(launch, errno);
            default -> words(errno);
        };
    }

    private static String tooLong(Launch launch) {
        long all = size(launch.argv()).sum() + size(launch.environment()).sum();
        long longest = Math.max(
                size(launch.argv()).max().orElse(0),
                size(launch.environment()).max().orElse(0));
        return "argument list too long: %d bytes with the environment, the longest argument %d; use a file instead"
                .formatted(all, longest);
    }

    private static String missingOrForbidden(Launch launch, int errno) {
        Optional<String> dos = Shebang.dosLines(launch.file(), launch.program());
        if (dos.isPresent()) {
            return dos.get();
        }
        Optional<String> interpreter =
                Shebang.of(launch.file()).map(line -> line.substring(2).strip().split("\\s", 2)[0]);
        if (interpreter.isPresent()) {
            return "the interpreter in the first line of %s, %s, %s"
                    .formatted(
                            launch.program(),
                            interpreter.get(),
                            errno == Errno.ENOENT ? "does not exist" : "is not executable");
        }
        return errno == Errno.ENOENT && Files.exists(launch.file())
                ? "the loader of %s is not installed".formatted(launch.program())
                : words(errno);
    }

    private static String words(int errno) {
        String text = Errno.describe(errno);
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static LongStream size(List<String> words) {
        return words.stream().mapToLong(word -> word.getBytes(StandardCharsets.UTF_8).length + 1L);
    }
}
