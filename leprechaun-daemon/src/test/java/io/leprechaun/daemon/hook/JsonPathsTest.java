package io.leprechaun.daemon.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.SmallStack;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
class JsonPathsTest {
    private static JsonPaths read(String text, String... paths) {
        return JsonPaths.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Set.of(paths));
    }

    private static Optional<String> value(String text, String path) {
        return read(text, path).value(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"a\":1.50}; a; 1.50",
                "{\"a\":1e5}; a; 1e5",
                "{\"a\":-0}; a; -0",
                "{\"a\":12345678901234567890123}; a; 12345678901234567890123",
                "{\"a\":false}; a; false",
                "{\"a\":\"x\\n\\u00e9\"}; a; `x\né`",
                "{\"a\":\"\"}; a; ``",
                "{\"a\":null}; a; ",
                "{\"b\":1}; a; ",
                "1; a; ",
                "{\"a\":{ \"b\" : [ 1.0 , \"\\u0041\\\"\\/\" , null, {} , [] ] }}; a;"
                        + " {\"b\":[1.0,\"A\\\"/\",null,{},[]]}",
                "{\"a\":{\"b\":{\"c\":1}}}; a.b; {\"c\":1}",
                "[[7,8],{\"x\":9}]; 0.1; 8",
                "[[7,8],{\"x\":9}]; 1.x; 9",
                "[[7,8],{\"x\":9}]; 00; [7,8]",
                "{\"0\":5}; 0; 5",
                "[1]; 1; ",
                "[1]; 0000000; ",
                "{\"a\":{\"b\":1},\"a.b\":2}; a.b; 2",
                "{\"a.b\":2,\"a\":{\"b\":1}}; a.b; 2",
                "{\"a.b\":null,\"a\":{\"b\":1}}; a.b; ",
                "{\"a\":{\"b\":{\"c\":1},\"b.c\":2}}; a.b.c; 2",
                "{\"a.b\":{\"c\":1}}; a.b.c; 1",
                "{\"meta\":{\"app.kubernetes.io/owner\":{\"team\":\"ops\"}}}; meta.app.kubernetes.io/owner.team; ops",
                "{\"a.b\":{\"c.d\":{\"e\":[7,{\"f.g\":8}]}}}; a.b.c.d.e.1.f.g; 8",
                "{\"a.b\":{\"c\":1},\"a\":{\"b\":{\"c\":2}}}; a.b.c; 1",
                "{\"a\":{\"b\":{\"c\":2}},\"a.b\":{\"c\":1}}; a.b.c; 1",
                "{\"a\":{\"b.c\":3},\"a.b\":{\"c\":1}}; a.b.c; 1",
                "{\"a.b\":{\"x\":1},\"a\":{\"b\":{\"c\":2}}}; a.b.c; 2",
                "{\"a.b\":[5],\"a\":{\"b\":[6,7]}}; a.b.1; 7",
                "{\"a.b\":{\"c\":null},\"a\":{\"b\":{\"c\":2}}}; a.b.c; ",
                "{\"a.\":{\"b\":3}}; a..b; 3",
                "{\"a\":{\".b\":3}}; a..b; 3",
                "{\"a.b\":{\"c\":1}}; a.bc; ",
                "{\"a.b\":{\"c\":1}}; a.b; {\"c\":1}",
                "{\"a\":{\"\":3}}; a.; 3",
                "{\"\":{\"a\":3}}; .a; 3",
            })
    void a_path_finds_its_value(String text, String path, @Nullable String value) {
        assertThat(value(text, path)).isEqualTo(Optional.ofNullable(value));
    }

    @Test
    void what_stands_in_something_kept_is_found_too() {
        var read = read("{\"a\":{\"b\":[1,{\"c\":2}]},\"d\":[3]}", "a", "a.b", "a.b.1", "a.b.1.c", "d");
        assertThat(List.of("a", "a.b", "a.b.1", "a.b.1.c", "d").stream()
                        .map(path -> read.value(path).orElseThrow()))
                .containsExactly("{\"b\":[1,{\"c\":2}]}", "[1,{\"c\":2}]", "{\"c\":2}", "2", "[3]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "`{\"a\":1,\"a\":2}`; duplicate name",
                "`[{\"b\":{\"c\":1,\"d\":0,\"\\u0063\":2}}]`; duplicate name",
                "`{} {}`; text after its end",
                "`{}]`; is not JSON",
                "`{\"a\":`; is not JSON",
                "`{\"a\"`; is not JSON",
                "`[1,`; is not JSON",
                "`[1}`; is not JSON",
                "` `; is empty",
                "``; is empty",
                "`NaN`; is not JSON",
                "`{'a':1}`; is not JSON",
            })
    void what_is_no_json_or_ambiguous_is_refused(String text, String why) {
        assertThatThrownBy(() -> read(text, "x"))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(why);
    }

    @Test
    void what_is_not_utf_8_is_refused() {
        for (byte[] bytes : new byte[][] {
            {'"', (byte) 0xff, '"'}, {'{', '}', ' ', (byte) 0xc3}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        }) {
            assertThatThrownBy(() -> JsonPaths.read(new ByteArrayInputStream(bytes), Set.of("a")))
                    .hasMessage("the body is not UTF-8");
        }
    }

    @Test
    void depth_and_digits_are_bounded() throws Exception {
        SmallStack.run(512 * 1024, () -> {
            String deep = "[".repeat(JsonPaths.DEEPEST) + "]".repeat(JsonPaths.DEEPEST);
            assertThat(value(deep, "0.0").orElseThrow()).hasSize(2 * JsonPaths.DEEPEST - 4);
            for (String bad : List.of(
                    "[" + deep + "]",
                    "[".repeat(1_000_000),
                    "{\"a\":" + "9".repeat(1_000_000) + "}",
                    "{\"a\":1e" + "9".repeat(1_000_000) + "}")) {
                assertThatThrownBy(() -> read(bad, "a")).hasMessageContaining("deep, or contains");
            }
        });
    }

    @Test
    void very_many_names_and_paths_are_no_trouble() {
        String names = IntStream.range(0, 500_000)
                .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
        assertThat(value(names, "1z")).contains("71");
        assertThatThrownBy(() -> read(names.replaceFirst("}", ",\"0\":1}"), "1z"))
                .hasMessageContaining("duplicate name");
        assertThat(value("{\"a\":1}", "a.".repeat(100_000))).isEmpty();
        assertThat(value("[" + "[],".repeat(500_000) + "5]", "500000")).contains("5");
    }

    /** The same values as those of a tree, whatever the text and the paths. */
    @Test
    void a_tree_would_give_the_same() {
        var random = new Random(11);
        JsonMapper mapper = JsonMapper.builder().build();
        for (int i = 0; i < 2000; i++) {
            String text = random(random, 4);
            var paths = new HashSet<String>();
            for (int p = 0; p < 6; p++) {
                paths.add(IntStream.rangeClosed(0, random.nextInt(4))
                        .mapToObj(_ -> NAMES.get(random.nextInt(NAMES.size())))
                        .collect(Collectors.joining(".")));
            }
            JsonNode tree = mapper.readTree(text);
            var read = read(text, paths.toArray(String[]::new));
            for (String path : paths) {
                assertThat(read.value(path)).as("%s in %s", path, text).isEqualTo(expected(tree, path));
            }
        }
    }

    private static final List<String> NAMES = List.of("a", "b", "a.b", "b.a", "0", "1", "");

    private static String random(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 7 : 3);
        if (kind < 3) {
            return List.of("null", "12", "\"t,{\\\"\"", "true").get(random.nextInt(4));
        }
        boolean object = kind < 6;
        return NAMES.stream()
                .filter(_ -> random.nextBoolean())
                .map(name -> (object ? "\"" + name + "\": " : "") + random(random, depth - 1))
                .collect(Collectors.joining(" , ", object ? "{" : "[", object ? "}" : "]"));
    }

    private static Optional<String> expected(JsonNode tree, String path) {
        return Optional.ofNullable(find(tree, path))
                .filter(node -> !node.isNull())
                .map(node -> node.isContainer() ? node.toString() : node.asString());
    }

    private static @Nullable JsonNode find(JsonNode node, String path) {
        for (int end = path.length(); end >= 0; end = path.lastIndexOf('.', end - 1)) {
            JsonNode child = child(node, path.substring(0, end));
            if (child != null && end < path.length()) {
                child = find(child, path.substring(end + 1));
            }
            if (child != null) {
                return child;
            }
        }
        return null;
    }

    private static @Nullable JsonNode child(JsonNode node, String name) {
        return node.isArray() && name.matches("[0-9]{1,6}") ? node.get(Integer.parseInt(name)) : node.get(name);
    }
}
