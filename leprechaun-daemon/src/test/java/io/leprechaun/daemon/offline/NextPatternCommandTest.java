package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A zone of {@code next --pattern} is what a recipe's is. */
class NextPatternCommandTest {
    private static void next(String zone) {
        var words = List.of("--pattern", "@daily", "--zone", zone);
        var arguments = Verbs.find("next")
                .flatMap(verb -> verb.form(words))
                .orElseThrow()
                .parse(words);
        var unused = NextPatternCommand.answer(arguments, ZoneId.of("UTC"), Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "UTC+3         | use the opposite sign for a fixed offset, Etc/GMT-3",
                "GMT-03:00     | use the opposite sign for a fixed offset, Etc/GMT+3",
                "+02:00        | use the opposite sign for a fixed offset, Etc/GMT-2",
                "europe/berlin | did you mean 'Europe/Berlin'?",
                "nowhere       | use a name such as Europe/Berlin or UTC"
            })
    void what_is_no_zone_of_a_recipe_is_none_here(String zone, String advice) {
        assertThatThrownBy(() -> next(zone)).hasMessageContaining("invalid time zone '" + zone + "': " + advice);
    }

    @Test
    void a_zone_by_its_name_is_one() {
        next("Europe/Berlin");
        next("Etc/GMT-3");
        assertThat(MappingReader.zoned("UTC")).isEqualTo(ZoneId.of("UTC"));
    }
}
