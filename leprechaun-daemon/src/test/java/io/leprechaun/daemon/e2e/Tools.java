package io.leprechaun.daemon.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Programs of the system that some tests need. Where one is missing they are skipped, loudly; in continuous integration
 * they fail.
 */
final class Tools {
    private static final boolean CI = Boolean.parseBoolean(System.getenv("CI"));

    private Tools() {}

    /** Continues only with these programs, or in continuous integration. */
    static void require(String unchecked, String... programs) {
        boolean there = Stream.of(programs)
                .allMatch(program -> Arrays.stream(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))));
        if (!there && !CI) {
            System.err.println("SKIPPED: " + unchecked + ": install " + String.join(", ", programs));
        }
        assumeTrue(there || CI, "install " + String.join(", ", programs));
    }
}
