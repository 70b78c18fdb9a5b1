package io.leprechaun.daemon.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document and the reference of HTTP name the same statuses, exit codes and resources. */
class OpenApiWriterTest {
    private static final Pattern STATUS = Pattern.compile("(?m)^\\| ([0-9]{3}(?:, [0-9]{3})*) \\| ([0-9]+) \\|");
    private static final Pattern RESOURCE = Pattern.compile("(?m)^\\| `(GET /[^ `?]*)");
    private static final Pattern WORD = Pattern.compile("\\b[A-Z]{2,}\\b");

    private static JsonNode document() throws IOException {
        return JsonMapper.shared().readTree(OpenApiWriter.document());
    }

    /** Returns the reference of the API, without that of hooks. */
    private static String reference() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.isDirectory(here.resolve("docs")) ? here : Objects.requireNonNull(here.getParent());
        String page = Files.readString(root.resolve("docs/reference/http.md"));
        return page.substring(0, page.indexOf("\n## Hooks"));
    }

    @Test
    void statuses_and_exit_codes_are_those_of_the_reference() throws IOException {
        Set<String> written = STATUS.matcher(reference())
                .results()
                .flatMap(row -> Stream.of(row.group(1).split(", ")).map(status -> status + " " + row.group(2)))
                .filter(pair -> !pair.equals("405 2")) // no described route answers it
                .collect(Collectors.toCollection(TreeSet::new));
        var described = new TreeSet<String>();
        document().at("/components/responses").forEachEntry((status, response) -> {
            String text = response.path("description").asString();
            String codes = text.substring(text.lastIndexOf(" is ") + 4, text.length() - 1);
            Stream.of(codes.split(" or ")).forEach(code -> described.add(status + " " + code));
        });
        assertThat(described).isEqualTo(written);
    }

    @Test
    void resources_are_those_of_the_reference() throws IOException {
        String page = reference();
        Set<String> written = RESOURCE.matcher(page.substring(page.indexOf("\nOther resources:")))
                .results()
                .map(row -> row.group(1).substring("GET ".length()))
                .map(path ->
                        WORD.matcher(path).replaceAll(word -> "{" + word.group().toLowerCase() + "}"))
                .collect(Collectors.toCollection(TreeSet::new));
        var described = new TreeSet<String>();
        document().path("paths").forEachEntry((path, methods) -> {
            if (path.startsWith("/api") || path.equals("/health") || path.equals("/metrics")) {
                described.add(path);
            }
        });
        assertThat(described).isEqualTo(written);
    }
}
