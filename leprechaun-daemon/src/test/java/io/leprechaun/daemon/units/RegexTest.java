package io.leprechaun.daemon.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.SmallStack;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class RegexTest {
    private static final String[] ATOMS = {
        "a",
        "b",
        ".",
        "[ab]",
        "[^]a]",
        "[[:alpha:]{]",
        "\\d",
        "\\x{61}",
        "\\pL",
        "\\p{Greek}",
        "\\Qa{9}\\E",
        "^",
        "$",
        "\\b",
        "",
        "{",
        "{,9}",
        "(?i:k)"
    };
    private static final String[] COUNTS = {
        "", "", "", "*", "+", "?", "*?", "{2}", "{0,3}", "{5,}", "{0,50}", "{1,40}?", "{1000}", "{0,999}"
    };

    private static String repeat(String text, int times) {
        return text.repeat(times);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^refs/heads/(main|release-.*)$",
                "rows: [1-9]",
                "a{1000}",
                "(a{10}){100}",
                "((a{10}){10}){10}",
                "a{0,800}",
                "(?i)done",
                "[a{9999}]",
                "\\Qa{9999}\\E",
                "x{y}",
                "\\x{1F600}",
                "[]{5000}]",
                "[^\\]{5000}]",
                "a|b{2}"
            })
    void what_people_write_is_accepted(String text) {
        assertThat(Regex.of(text).compiled().pattern()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((a{100}){100}){100}){100})",
                "((a{0,800}){0,800}){0,800}",
                "(a{101}){10}",
                "(a{2,}){501}",
                "(a{40}){40}",
                "((a{100}){0}){11}",
                "a{1001}"
            })
    void counts_that_multiply_to_more_than_a_thousand_are_refused(String text) {
        assertThatThrownBy(() -> Regex.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiply to more than 1000");
    }

    @Test
    void what_is_too_long_or_too_deep_is_refused() {
        assertThatThrownBy(() -> Regex.of("(a{100,901}b)?"))
                .hasMessage("the pattern has a count with 801 optional repetitions; use at most 800, or `*`");
        for (String text : new String[] {repeat("a", 2001), "a{1000}b{1000}c", "(abc){700}", repeat("a{1000}", 100)}) {
            assertThatThrownBy(() -> Regex.of(text)).hasMessageContaining("longer than 2000 characters");
        }
        assertThatThrownBy(() -> Regex.of(repeat("(", 101) + "a" + repeat(")", 101)))
                .hasMessageContaining("nested more than 100 deep");
        assertThatCode(() -> Regex.of(repeat("(", 100) + "a" + repeat(")", 100)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)", "(?<!a)b", "(a)\\1", "a++", "(?>a)", "[", "(", ")", "*"})
    void what_re2_does_not_know_is_refused_with_its_name(String text) {
        assertThatThrownBy(() -> Regex.of(text))
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("RE2");
    }

    /** The largest accepted patterns, and thousands of others, in three quarters of the stack that every thread has. */
    @Test
    void an_accepted_pattern_neither_overflows_the_stack_nor_takes_long() throws Exception {
        SmallStack.run(768 * 1024, () -> {
            String text = repeat("ab", 500);
            for (String worst : new String[] {
                "a{0,800}b",
                "(a?){498}b",
                "(|a|bb){280}",
                repeat("(", 100) + "a" + repeat(")?", 100),
                repeat("(?:b", 100) + "a" + repeat("|c)*", 100),
                repeat("aa|bb|", 330),
                repeat("^", 2000),
                repeat("(?:", 100) + "a" + repeat("){0,1}", 100),
                repeat("()", 1000),
                repeat("\\pL", 660),
                "(?i)" + repeat("k", 1990)
            }) {
                Regex.of(worst).compiled().matcher(text).find();
            }
            var random = new Random(7);
            int accepted = 0;
            for (int i = 0; i < 3000; i++) {
                var pattern = new StringBuilder();
                random(random, 4, pattern);
                try {
                    Regex.of(pattern.toString()).compiled().matcher(text).find();
                    accepted++;
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage()).contains("pattern");
                }
            }
            assertThat(accepted).isGreaterThan(300);
        });
    }

    @Test
    void what_would_take_minutes_to_compare_is_known_before() {
        long output = 16 << 20;
        assertThat(Regex.of("dumped [1-9][0-9]* rows").isTooCostly(output)).isFalse();
        assertThat(Regex.of("(a?){400}").isTooCostly(output)).isTrue();
        assertThat(Regex.of("(a?){400}").isTooCostly(100_000)).isFalse();
    }

    private static void random(Random random, int depth, StringBuilder to) {
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            if (depth > 0 && random.nextInt(3) > 0) {
                to.append(random.nextBoolean() ? "(" : "(?:");
                random(random, depth - 1, to);
                to.append(')');
            } else {
                to.append(ATOMS[random.nextInt(ATOMS.length)]);
            }
            to.append(COUNTS[random.nextInt(COUNTS.length)]).append(random.nextInt(6) == 0 ? "|" : "");
        }
    }
}
