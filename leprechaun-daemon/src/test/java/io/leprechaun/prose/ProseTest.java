package io.leprechaun.prose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language of comments and pages. */
class ProseTest {
    private static final List<Sources.Comment> COMMENTS = Sources.comments();
    private static final Pattern HEADLESS =
            Pattern.compile("(What|Who|Whose|How|Where|When|Why|Whether|Whatever|Whoever|Which)\\b.*", Pattern.DOTALL);
    /** The name of a parameter, which is code. */
    private static final Pattern NAME = Pattern.compile("@param <?\\w+>?");

    private static final Pattern TAG = Pattern.compile("\\{@\\w+ ([^}]*)\\}");
    private static final Pattern SENTENCE_END =
            Pattern.compile("(?<=[.;:!?])\\s+|\n?@(param|return|throws|see)\\b|<p>");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]*)\">");
    private static final Pattern TYPE = Pattern.compile("(?:class|interface|enum|record)\\s+([A-Z]\\w*)");
    private static final Pattern TYPE_IN_PAGE = Pattern.compile("(?<![\\w./-])([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)\\b");

    /** Names in pages that look like types of this project: of the JDK, and of other programs' settings. */
    private static final Set<String> OTHERS = Set.of(
            "ErrorFile",
            "ExecStart",
            "ExitOnOutOfMemoryError",
            "FileChannel",
            "FileOutputStream",
            "FixedRandomDelay",
            "HttpOnly",
            "HttpURLConnection",
            "LimitCORE",
            "LoadCredential",
            "MiB",
            "OnCalendar",
            "OnFailure",
            "OnUnitActiveSec",
            "PriorityBlockingQueue",
            "ProcessBuilder",
            "RandomizedDelaySec",
            "SameSite",
            "ServiceLoader",
            "SocketChannel",
            "StrictModes",
            "WakeSystem",
            "WorkingDirectory");

    @Test
    void a_summary_begins_with_a_noun_or_a_verb() {
        assertThat(COMMENTS)
                .filteredOn(comment -> HEADLESS.matcher(comment.text()).matches())
                .isEmpty();
    }

    @Test
    void a_sentence_of_a_comment_is_short() {
        assertThat(COMMENTS.stream().flatMap(ProseTest::longSentences)).isEmpty();
    }

    private static Stream<String> longSentences(Sources.Comment comment) {
        String text = TAG.matcher(comment.text()).replaceAll("$1");
        return Arrays.stream(SENTENCE_END.split(text))
                .filter(sentence -> sentence.strip().split("\\s+").length > Sources.MOST_WORDS)
                .map(sentence -> comment.file().getFileName() + ":" + comment.line() + " " + sentence.strip());
    }

    /** Each word with the number of comments that may have it: one that falls is to be written here. */
    @ParameterizedTest
    @CsvSource({"told, 0", "tells?, 0", "telling, 0", "nobody, 0", "somebody, 0", "so many, 0", "anew, 0", "whoever, 0"
    })
    void a_comment_names_things_and_actors(String word, int allowed) {
        Pattern pattern = Pattern.compile("\\b" + word + "\\b", Pattern.CASE_INSENSITIVE);
        List<Sources.Comment> found = COMMENTS.stream()
                .filter(comment -> pattern.matcher(NAME.matcher(comment.text()).replaceAll(""))
                        .find())
                .toList();
        assertThat(found).as(word).hasSizeLessThanOrEqualTo(allowed);
    }

    @Test
    void a_type_that_a_page_names_exists() {
        Set<String> types = Sources.java(true)
                .flatMap(file -> TYPE.matcher(Sources.text(file)).results().map(match -> match.group(1)))
                .collect(Collectors.toSet());
        var missing = new TreeSet<String>();
        Sources.pages()
                .forEach(page -> code(Sources.text(page))
                        .flatMap(code -> TYPE_IN_PAGE.matcher(code).results().map(match -> match.group(1)))
                        .filter(name -> !types.contains(name) && !OTHERS.contains(name))
                        .forEach(name -> missing.add(page.getFileName() + ": " + name)));
        assertThat(missing).isEmpty();
    }

    private static Stream<String> code(String page) {
        return Pattern.compile("`([^`\n]+)`")
                .matcher(withoutBlocks(page))
                .results()
                .map(match -> match.group(1));
    }

    private static String withoutBlocks(String page) {
        return page.replaceAll("(?s)```.*?```", "");
    }

    @Test
    void a_link_of_a_page_leads_somewhere() {
        Pattern link = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
        var dead = new TreeSet<String>();
        Sources.pages()
                .forEach(page -> link.matcher(withoutBlocks(Sources.text(page)))
                        .results()
                        .forEach(match -> {
                            String path = match.group(1);
                            if (path.contains(":")) {
                                return;
                            }
                            Path target = path.isEmpty()
                                    ? page
                                    : page.resolveSibling(path).normalize();
                            if (!Files.exists(target)) {
                                dead.add(page.getFileName() + ": " + path);
                            } else if (match.group(2) != null
                                    && !anchors(target).contains(match.group(2))) {
                                dead.add(page.getFileName() + ": " + path + "#" + match.group(2));
                            }
                        }));
        assertThat(dead).isEmpty();
    }

    /** The anchors that a page sets, and those of its headings, as GitHub makes them. */
    private static Set<String> anchors(Path page) {
        String text = withoutBlocks(Sources.text(page));
        Stream<String> headings = text.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
        Stream<String> set = ANCHOR.matcher(text).results().map(match -> match.group(1));
        return Stream.concat(headings, set).collect(Collectors.toSet());
    }
}
