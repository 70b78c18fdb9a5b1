package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Shipped components come with their licences. */
class LicencesIT {
    private static final Path DOC = Installation.TREE.resolve("share/doc/leprechaun");

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void each_library_is_named_with_its_version_and_licence() throws IOException {
        Path jars;
        try (Stream<Path> files = Files.walk(Installation.TREE.resolve("lib"), 2)) {
            jars = files.filter(file -> file.endsWith("picocli.jar"))
                    .findFirst()
                    .orElseThrow()
                    .getParent();
        }
        List<String> rows = Files.readAllLines(DOC.resolve("THIRD-PARTY"));
        List<String> libraries = names(jars).stream()
                .filter(name -> name.endsWith(".jar") && !name.startsWith("leprechaun-"))
                .toList();
        assertThat(libraries).hasSizeGreaterThan(20).allSatisfy(jar -> {
            String name = jar.replaceFirst("(-[0-9][0-9.]*)?\\.jar$", "");
            assertThat(rows)
                    .filteredOn(row -> row.startsWith(name + " "))
                    .as(jar)
                    .singleElement()
                    .asString()
                    .matches("\\S+ [0-9][0-9.]+: (Apache-2\\.0|BSD-3-Clause|EPL-2\\.0|MIT)\\. .+");
        });
    }

    @Test
    void each_licence_that_is_named_has_its_text() throws IOException {
        assertThat(DOC.resolve("LICENSE")).content().startsWith("MIT License");
        assertThat(names(DOC.resolve("licences")))
                .contains(
                        "Apache-2.0",
                        "EPL-2.0",
                        "re2j-LICENSE",
                        "slf4j-api-LICENSE.txt",
                        "angus-activation-LICENSE.md");
        assertThat(DOC.resolve("licences/Apache-2.0")).content().contains("Version 2.0, January 2004");
        assertThat(DOC.resolve("licences/EPL-2.0")).content().contains("Eclipse Public License - v 2.0");
        assertThat(Installation.TREE.resolve("lib/runtime/legal/java.base/LICENSE"))
                .content()
                .contains("CLASSPATH");
    }
}
