package io.leprechaun.daemon.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.trust.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlParserTest {
    private static final Path FILE = Path.of("x.yml");

    private final Problems problems = new Problems();

    private Optional<Value.Mapping> parse(String text) {
        return YamlText.decode(FILE, text.getBytes(StandardCharsets.UTF_8), problems)
                .flatMap(source -> YamlParser.parse(source, problems));
    }

    private static Value at(Value.Mapping map, String key) {
        return Optional.ofNullable(map.entries().get(key)).orElseThrow().value();
    }

    private List<String> said() {
        return problems.all().stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "NO", "12:30", "0755", "1e3", "~", "2026-01-01", "0x1f"})
    void a_scalar_keeps_its_text(String text) {
        Value value = at(parse("key: " + text).orElseThrow(), "key");

        assertThat(value)
                .isInstanceOfSatisfying(
                        Value.Scalar.class, scalar -> assertThat(scalar.text()).isEqualTo(text));
    }

    @Test
    void a_place_counts_from_one_and_names_the_keys() {
        Value map = at(parse("a:\n  b: [x, y]\n").orElseThrow(), "a");
        Value items = at((Value.Mapping) map, "b");

        assertThat(((Value.Items) items).values().get(1).place()).isEqualTo(new Place(FILE, 2, 10, "a.b[2]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 1\\n" + "b: 2\\n" + "a: 3      | x.yml:3:1: a: duplicate key (first on line 1); remove one",
                "a: &x 1                 | x.yml:1:4: a: `&` begins an anchor in YAML, which is refused; remove `&x`",
                "a: *x y                 | x.yml:1:4: a: `*` begins an alias in YAML, which is refused; quote the"
                        + " text: '*x y'",
                "pattern: * * * * *      | x.yml:1:11: `*` begins an alias in YAML; quote the text: pattern: '* * * *"
                        + " *'",
                "a: !foo x               | x.yml:1:4: a: `!foo` is a YAML tag, which is refused; use `! foo x`"
                        + " for the marker, or quote the text: '!foo x'",
                "a: !!str x              | x.yml:1:4: a: `!!str` is a YAML tag, which is refused; quote the text:"
                        + " '!!str x'",
                "a: !!javax.x.Y [x]      | x.yml:1:4: a: `!!javax.x.Y` is a YAML tag, which is refused; quote the"
                        + " text: '!!javax.x.Y [x]'",
                "a: 1\\n---\\nb: 2       | x.yml:2:1: a second YAML document begins here; use one file for each"
                        + " document",
                "- a\\n"
                        + "- b               | x.yml:1:1: the file contains a list; use keys with values, such as"
                        + " `name: backup`",
                "hello                   | x.yml:1:1: the file contains a text; use keys with values, such as `name:"
                        + " backup`",
                "a: b: c                 | x.yml:1:5: YAML reads the text before a colon and a space as a key; quote"
                        + " the text: a: 'b: c'",
                "a:\\n\\tb: 1            | x.yml:2:1: a tab in place of spaces; indent with spaces",
                "[a]: b                  | x.yml:1:1: a key must be a text; quote it if it is one",
                "s:\\n"
                        + "- \"a\" b          | x.yml:2:7: unexpected text: the indentation changes, or text follows a"
                        + " closing quote or bracket; quote the text: - '\"a\" b'",
                "s:\\n"
                    + "- `x`              | `x.yml:2:3: a text in YAML must not begin with this character; quote the"
                    + " text: - '``x``'`",
            })
    void what_is_refused_is_said_with_the_fix(String text, String message) {
        parse(text.replace("\\n", "\n").replace("\\t", "\t"));

        assertThat(said()).containsExactly(message);
    }

    @Test
    void a_control_character_is_refused() {
        assertThat(parse("a: 1\nb: x\u0007")).isEmpty();
        assertThat(said())
                .containsExactly(
                        "x.yml:2:5: the control character U+0007 is not allowed; remove it, or use an escape in double"
                                + " quotes");
    }

    /** The blanks that come with text copied from a web page. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: b\\nsteps:\\n_ - echo          | x.yml:3:1: a",
                "a: b\\nsteps:\\n  - echo\\n_ - ls    | x.yml:4:1: a",
                "a: b\\nsteps:\\n  -_echo hi       | x.yml:3:3: steps: a",
                "a: b\\nsteps:\\n  - _echo hi      | x.yml:3:5: steps[1]: a",
                "a: b\\nc:_d                      | x.yml:2:3: a",
                "a: b\\n_c: d                     | x.yml:2:1: a",
            })
    void a_no_break_space_in_the_place_of_a_blank_is_named(String text, String said) {
        var unused = parse(text.replace("\\n", "\n").replace('_', '\u00a0'));
        assertThat(said())
                .containsExactly(said + " no-break space (U+00A0) in place of a space, as copied from a web page;"
                        + " type a space");
    }

    @Test
    void a_no_break_space_within_a_text_is_as_good_as_any_character() {
        assertThat(parse("a: 10\u00a0km\nb: '\u00a0'\nc: |\n  \u00a0x\n")).isPresent();
        assertThat(said()).isEmpty();
    }

    @Test
    void what_is_no_utf_8_is_refused() {
        assertThat(YamlText.decode(FILE, new byte[] {'a', ':', ' ', (byte) 0xe4}, problems))
                .isEmpty();
        byte[] latin1 = "# \n#\n- gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(YamlText.decode(FILE, latin1, problems)).isEmpty();
        assertThat(said())
                .containsExactly(
                        "x.yml:1:4: invalid UTF-8: byte 0xE4; save the file as UTF-8, for example by `iconv -f latin1"
                                + " -t utf-8`",
                        "x.yml:3:5: invalid UTF-8: byte 0xFC; save the file as UTF-8, for example by `iconv -f latin1"
                                + " -t utf-8`");
    }

    @Test
    void a_file_that_ends_within_a_character_is_no_utf_8_either() {
        byte[] cut = "a: \u00e4".getBytes(StandardCharsets.UTF_8);
        assertThat(YamlText.decode(FILE, Arrays.copyOf(cut, cut.length - 1), problems))
                .isEmpty();
        assertThat(said()).singleElement().asString().startsWith("x.yml:1:4: invalid UTF-8: byte 0xC3");
    }

    @Test
    void a_file_whose_name_is_no_utf_8_is_not_told_as_missing() {
        assertThat(YamlText.read(Path.of("gr\ufffd.yml"), Trust.lenient(), problems))
                .isEmpty();
        assertThat(said())
                .singleElement()
                .asString()
                .endsWith(
                        ": the path of the file is not UTF-8, so the file cannot be opened: rename the file or folder");
    }

    @Test
    @Timeout(180)
    void hostile_files_are_refused_quickly() {
        long start = System.nanoTime();

        assertThat(parse("[".repeat(100_000))).isEmpty();
        assertThat(parse("a: " + "{a: ".repeat(5_000))).isEmpty();
        assertThat(parse("- ".repeat(50_000) + "x")).isEmpty();
        assertThat(parse("? ".repeat(50_000) + "x")).isEmpty();
        assertThat(parse("a: [" + "b,".repeat(100_000) + "b]")).isPresent();
        assertThat(parse("a: " + "x".repeat(250_000))).isPresent();
        assertThat(parse("a: \"" + "\\n".repeat(100_000) + "\"")).isPresent();
        assertThat(parse("a: x" + "\n  x".repeat(60_000))).isPresent();
        assertThat(parse("? " + "x".repeat(100_000) + "\n: [" + "a,".repeat(70_000) + "a]"))
                .isPresent();
        assertThat(parse("x".repeat(300_000))).isEmpty();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        assertThat(said())
                .contains("x.yml:1:21: [1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1]: lists and maps"
                        + " are nested more than 20 deep; use fewer levels")
                .contains("x.yml:1:1: the file is larger than 256 KiB; move long scripts to separate files");
    }

    /** The library reports this text by an exception without a place. */
    @Test
    void text_after_a_quote_is_an_error_of_the_file() {
        assertThat(parse(" - \"@\u2028\"b-{>~@ :'a0`*")).isEmpty();

        assertThat(problems.all())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .isEqualTo("unexpected text: the indentation changes, or text follows a closing quote or"
                                + " bracket"));
    }

    @Test
    void garbage_never_throws_anything() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        String alphabet = "ab:- \n\t'\"#!&*[]{}|>%@`,?\\\r\u00e4\u2028~0";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            var found = new Problems();
            assertThat(YamlText.decode(FILE, text.toString().getBytes(StandardCharsets.UTF_8), found)
                                    .flatMap(s -> YamlParser.parse(s, found))
                                    .isPresent()
                            || found.hasErrors())
                    .as("seed %d: %s", seed, text)
                    .isTrue();
        }
    }

    @Test
    void a_file_with_a_hundred_errors_is_not_read_on() {
        assertThat(parse("鍵".repeat(66) + ": [" + "*a,".repeat(80_000) + "]\n")).isEmpty();

        assertThat(problems.all()).hasSize(Problems.MOST + 1);
        assertThat(problems.all().getLast().message()).contains("the rest of the file was not read");
    }
}
