package io.leprechaun.daemon.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The search for the processes that have a pipe open for writing. */
final class PipeHolders {
    private static final Path ROOT = Path.of("/proc");
    private static final int ACCESS_MODE = 3;
    private static final int WRITE_ONLY = 1;

    private PipeHolders() {}

    /**
     * Returns the processes, of some suspects and their descendants, that can write into the standard input of a
     * process.
     */
    static List<String> ofInput(int reader, List<Proc> suspects) {
        String pipe = target(ROOT.resolve(Integer.toString(reader), "fd", "0"));
        if (suspects.isEmpty() || !pipe.startsWith("pipe:")) {
            return List.of();
        }
        return withDescendants(suspects).stream()
                .filter(proc -> writes(proc.pid(), pipe))
                .map(Proc::shown)
                .toList();
    }

    private static List<Proc> withDescendants(List<Proc> ancestors) {
        var all = Proc.all().values();
        var found = new ArrayList<>(ancestors);
        Set<Integer> pids = new HashSet<>();
        ancestors.forEach(proc -> pids.add(proc.pid()));
        for (int i = 0; i < found.size(); i++) {
            int parent = found.get(i).pid();
            all.stream()
                    .filter(proc -> proc.parent() == parent && pids.add(proc.pid()))
                    .forEach(found::add);
        }
        return found;
    }

    private static boolean writes(int pid, String pipe) {
        Path process = ROOT.resolve(Integer.toString(pid));
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (target(descriptor).equals(pipe)
                        && isForWriting(process.resolve("fdinfo").resolve(descriptor.getFileName()))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // the process has ended meanwhile, or is another user's
        }
        return false;
    }

    private static boolean isForWriting(Path info) throws IOException {
        try (var lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("flags:"))
                    .mapToInt(line ->
                            Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                    .anyMatch(flags -> (flags & ACCESS_MODE) == WRITE_ONLY);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
