package io.leprechaun.daemon.units;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0,            0 bytes,   0",
        "1,            1 byte,    1",
        "1023,         1023 bytes, 1023",
        "1024,         1.0 KiB,   1.0k",
        "1572864,      1.5 MiB,   1.5m",
        "16777216,     16 MiB,    16m",
        "97098138,     92.6 MiB,  93m",
        "5905580032,   5.5 GiB,   5.5g",
        "5497558138880, 5.0 TiB,  5.0t",
    })
    void an_amount_is_shown_in_its_largest_unit(long bytes, String text, String brief) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
        assertThat(Sizes.brief(bytes)).isEqualTo(brief);
    }
}
