package io.leprechaun.daemon.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The data of {@code /proc} about a process; none about one that is gone. */
final class Proc {
    private Proc() {}

    private static Path of(long pid, String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }

    static String workingFolder(long pid) {
        try {
            return Files.readSymbolicLink(of(pid, "cwd")).toString();
        } catch (IOException gone) {
            return "";
        }
    }

    static String commandLine(long pid) {
        return text(pid, "cmdline").replace('\0', ' ').strip();
    }

    /** Returns a variable with which a process was started. */
    static Optional<String> variable(long pid, String name) {
        return text(pid, "environ")
                .lines()
                .flatMap(all -> Stream.of(all.split("\0", -1)))
                .filter(variable -> variable.startsWith(name + "="))
                .map(variable -> variable.substring(name.length() + 1))
                .findFirst();
    }

    /** Returns a numeric value of {@code /proc/PID/status}, VmHWM (kB) or Threads for example. */
    static long number(long pid, String key) {
        return text(pid, "status")
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the processor time of a process, in hundredths of a second. */
    static long processorTicks(long pid) {
        String stat = text(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    static int descriptors(long pid) {
        try (Stream<Path> all = Files.list(of(pid, "fd"))) {
            return (int) all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Long> zombies(long parent) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> {
                        String status = text(pid, "status");
                        return status.contains("\nState:\tZ") && status.contains("\nPPid:\t" + parent + "\n");
                    })
                    .toList();
        }
    }

    private static String text(long pid, String file) {
        try {
            return Files.readString(of(pid, file));
        } catch (IOException gone) {
            return "";
        }
    }
}
