package io.leprechaun.prose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The size of packages. */
class PackagesTest {
    private static final long MOST_FILES = 25;

    @Test
    void a_package_is_small_enough_to_be_looked_through() {
        Map<Path, Long> sizes = Sources.java(false)
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        assertThat(sizes.values())
                .isNotEmpty()
                .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(MOST_FILES));
    }
}
