package io.leprechaun.prose;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.prose.Page.Kind;
import io.leprechaun.prose.Page.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The language of the pages: rules E1 to E5 and E7 of the house. */
class PagesTest {
    private static final Map<String, Predicate<Piece>> RULES = rules();

    /**
     * The number of findings that a page, or the pages of a folder, may have for a rule; 0 where none stands here. A
     * number that falls is to be written here.
     */
    private static final Map<String, Map<String, Integer>> EXCEPTIONS = Map.of(
            "CHANGELOG.md",
            Map.of("long sentence", 37, "headless", 12, "is no", 1, "tell", 15, "nobody", 4, "anew", 1));

    private static Map<String, Predicate<Piece>> rules() {
        var rules = new LinkedHashMap<String, Predicate<Piece>>();
        rules.put("long sentence", piece -> piece.kind() == Kind.SENTENCE && piece.words() > Sources.MOST_WORDS);
        rules.put("long cell", piece -> piece.kind() == Kind.CELL && piece.words() > Sources.MOST_WORDS);
        Predicate<Piece> headless = matches("^(?:What|Who|Whose|Whom|How(?!-to)|Whatever|Whoever)\\b");
        rules.put("headless", piece -> headless.test(piece) && !piece.text().endsWith("?"));
        rules.put("is no", matches("(?i)\\b(?:is|are|was|were) no\\b(?! (?:longer|slower|faster|more|less)\\b)"));
        rules.put("tell", matches("(?i)\\b(?:told|tells?|telling)\\b"));
        for (String word : List.of("nobody", "somebody", "so many", "anew", "whoever")) {
            rules.put(word, matches("(?i)\\b" + word + "\\b"));
        }
        return rules;
    }

    private static Predicate<Piece> matches(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return piece -> compiled.matcher(piece.withoutCode().text()).find();
    }

    private static Stream<Page> pages() {
        return Sources.pages().map(Page::of);
    }

    /** Returns the page or folder by which exceptions of a page are counted; empty: it has none. */
    private static String exception(Page page) {
        return EXCEPTIONS.keySet().stream()
                .filter(name -> page.name().startsWith(name))
                .findFirst()
                .orElse("");
    }

    @TestFactory
    Stream<DynamicTest> a_page_keeps_to_the_rules_of_language() {
        var groups = new LinkedHashMap<String, List<Page>>();
        pages().forEach(page -> groups.computeIfAbsent(exception(page), name -> new ArrayList<>())
                .add(page));
        return groups.entrySet().stream()
                .flatMap(group -> RULES.keySet().stream()
                        .map(rule -> DynamicTest.dynamicTest(
                                rule + ": " + (group.getKey().isEmpty() ? "pages" : group.getKey()),
                                () -> check(rule, group.getValue(), allowed(group.getKey(), rule)))));
    }

    private static int allowed(String group, String rule) {
        return EXCEPTIONS.getOrDefault(group, Map.of()).getOrDefault(rule, 0);
    }

    private static void check(String rule, List<Page> pages, int allowed) {
        Predicate<Piece> broken = RULES.getOrDefault(rule, piece -> false);
        List<String> found = pages.stream()
                .flatMap(page -> page.pieces().stream()
                        .filter(broken)
                        .map(piece -> page.name() + ":" + piece.line() + " " + piece.text()))
                .toList();
        assertThat(found).as(rule).hasSizeLessThanOrEqualTo(allowed);
    }

    @Test
    void the_first_pages_are_short() {
        Path root = Sources.root();
        assertThat(Sources.text(root.resolve("README.md")).lines()).hasSizeLessThanOrEqualTo(120);
        assertThat(Sources.text(root.resolve("IDEA.md")).lines()).hasSizeLessThanOrEqualTo(60);
        assertThat(root.resolve("ARCHITECTURE.md").toFile().length()).isLessThanOrEqualTo(8 * 1024);
    }

    @Test
    void a_page_is_split_into_sentences_cells_and_headings() {
        var page = new Page("a.md", """
            # How it works

            One. Two
            lines.
            - an item; `x. y`

            | a | b \\| c |
            | --- | --- |
            ```sh
            no
            ```
            [x](y)
            """);
        assertThat(page.pieces())
                .extracting(piece -> piece.kind() + " " + piece.line() + " " + piece.text())
                .containsExactly(
                        "HEADING 1 How it works",
                        "SENTENCE 3 One.",
                        "SENTENCE 3 Two lines.",
                        "SENTENCE 5 an item; `x.",
                        "SENTENCE 5 y`",
                        "CELL 7 a",
                        "CELL 7 b \\| c",
                        "SENTENCE 12 x");
    }
}
