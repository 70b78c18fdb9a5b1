package io.leprechaun.daemon.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskTest {
    private static final Mask MASK = mask("secret", "secre", "tsar", "zwölf", "line one\nline two");

    private static Mask mask(String... secrets) {
        return Mask.of(List.of(secrets).stream().map(Secret::new).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "nothing here, nothing here, no secret",
        "a secret!, a ******!, as many stars as bytes",
        "secre t, ***** t, a shorter one",
        "secretsar, *********, two that overlap are both hidden",
        "zwölf, ******, bytes and not characters",
        "secretsecret, ************, one after the other",
        "say line two, say ********, a line of one with several lines",
        "secr, secr, half of one is none"
    })
    void stars_stand_in_the_place_of_secrets(String text, String hidden, String reason) {
        assertThat(MASK.hide(text)).as(reason).isEqualTo(hidden);
    }

    @ParameterizedTest
    @CsvSource({"xsec, 3", "xsecre, 5", "xsecret, 1", "x, 0", "'', 0", "tsa, 3", "line o, 6"})
    void the_beginning_of_a_secret_at_the_end_is_undecided(String text, int undecided) {
        assertThat(MASK.undecided(text.getBytes(StandardCharsets.UTF_8), text.length()))
                .isEqualTo(undecided);
    }

    @ParameterizedTest
    @CsvSource({
        "abc123|abc123-prod-XYZ, abc123-prod-XYZ, ***************",
        "abc123|abc123-prod-XYZ, abc123-prod- abc123, ******-prod- ******",
        "000000, 0000000000000000 00, **************** 00",
        "abcabc, abcabcabcabc abc, ************ abc",
        "https://u:pass word@host|pass word, x https://u:pass word@host, x ************************",
    })
    void pieces_of_any_length_are_masked_as_the_whole_and_little_is_held(String secrets, String text, String expected) {
        Mask mask = mask(secrets.split("\\|"));
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length <= whole.length; length++) {
            var bytes = new MaskedBytes();
            var out = new ByteArrayOutputStream();
            for (int at = 0; at < whole.length; at += length) {
                byte[] piece = Arrays.copyOfRange(whole, at, Math.min(whole.length, at + length));
                bytes.add(piece, piece.length);
                byte[] certain = bytes.certain(mask, false);
                out.writeBytes(certain);
                bytes.take(mask, certain.length);
                assertThat(bytes.size()).isLessThanOrEqualTo(mask.reach());
            }
            out.writeBytes(bytes.certain(mask, true));
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .as("pieces of %d bytes", length)
                    .isEqualTo(expected);
        }
    }

    /** The kernel keeps 15 bytes of a process's name. */
    @ParameterizedTest
    @CsvSource({
        "left behind: 7 (secre), left behind: 7 (*****), a whole one",
        "left behind: 7 (line one), left behind: 7 (********), a whole line",
        "left behind: 7 (x-line o), left behind: 7 (x-******), the beginning of one at the end of a name",
        "left behind: 7 (lin), left behind: 7 (lin), three letters are chance",
        "left behind: 7 (zwö\uFFFD) and 8 (sh), left behind: 7 (****\uFFFD) and 8 (sh), a letter that was cut in two",
        "line o, line o, no name"
    })
    void the_beginning_of_a_secret_in_a_processs_name_is_hidden(String text, String hidden, String reason) {
        assertThat(MASK.hideInSentence(text)).as(reason).isEqualTo(hidden);
    }

    /** The short lines of JSON and of keys: they occur in many other texts. */
    @Test
    void a_short_line_of_a_longer_secret_is_no_secret() {
        var mask = mask("{\n\"key\": 1\n}");
        assertThat(mask.hide("{ \"key\": 1 }")).isEqualTo("{ ******** }");
        assertThat(mask.hide("a {\n\"key\": 1\n}!")).isEqualTo("a ************!");
    }

    @Test
    void two_masks_hide_what_either_does() {
        var both = mask("first").and(mask("first-and-second"));
        assertThat(both.hide("first-and-second first")).isEqualTo("**************** *****");
        assertThat(Mask.NONE.and(both)).isSameAs(both);
        assertThat(both.and(Mask.NONE)).isSameAs(both);
    }

    @Test
    void nothing_is_hidden_where_there_is_no_secret() {
        assertThat(Mask.NONE.hide("a")).isEqualTo("a");
        assertThat(mask("", "  ").isEmpty()).isTrue();
    }

    @Test
    void in_a_file_it_is_hidden_wherever_chunks_meet(@TempDir Path folder) throws Exception {
        var random = new Random(7);
        var text = new StringBuilder();
        while (text.length() < 400_000) {
            text.append("x".repeat(random.nextInt(50))).append(random.nextBoolean() ? "secret" : "secre");
        }
        Path file = Files.writeString(folder.resolve("log"), text);
        OutputText.hide(file, MASK);
        assertThat(Files.readString(file))
                .isEqualTo(text.toString().replaceAll("secret", "******").replaceAll("secre", "*****"));
    }
}
