package io.leprechaun.prose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language of messages. {@code build/keys} writes their list, so that each change of one is seen in a review. */
class MessagesTest {
    private static final Map<String, List<String>> MESSAGES = Messages.byFile();
    private static final Path LIST =
            Sources.root().resolve("leprechaun-daemon/src/test/resources/io/leprechaun/prose/messages.txt");

    @Test
    void the_list_of_messages_is_current() throws IOException {
        String made = MESSAGES.entrySet().stream()
                .map(file -> "## " + file.getKey() + "\n" + String.join("\n", file.getValue()) + "\n")
                .collect(Collectors.joining("\n"));
        if (Boolean.getBoolean("leprechaun.write")) {
            Files.writeString(LIST, made);
        }
        assertThat(Files.readString(LIST).equals(made))
                .as("messages.txt is current: if not, run build/keys, review and commit the difference")
                .isTrue();
    }

    /** Each pattern with the number of messages that may have it: one that falls is to be written here. */
    @ParameterizedTest
    @CsvSource({
        "'\\b(is|are) no\\b(?! longer)', 3",
        "'\\btold\\b', 0",
        "'\\btell(s|ing)?\\b', 0",
        "'\\b(nobody|somebody|whoever|anew|so many)\\b', 0",
        "'^[^|]*\\| (What|Who|Whose|How|Whatever|Whoever)\\b', 0",
    })
    void a_message_names_things_and_actors(Pattern pattern, int allowed) {
        assertThat(all().filter(message -> pattern.matcher(message).find())).hasSizeLessThanOrEqualTo(allowed);
    }

    @Test
    void a_sentence_of_a_message_is_short() {
        assertThat(all().flatMap(message -> Arrays.stream(message.split("[.;:!?] |\\\\n")))
                        .filter(sentence -> sentence.split(" ").length > Sources.MOST_WORDS))
                .isEmpty();
    }

    private static Stream<String> all() {
        return MESSAGES.entrySet().stream()
                .flatMap(file -> file.getValue().stream().map(message -> file.getKey() + " | " + message));
    }
}
