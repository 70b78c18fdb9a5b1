package io.leprechaun.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OneTimeLinksTest {
    private static final Grant GRANT = new Grant("ann", Access.CHANGE, Duration.ofHours(12), "link");

    private final AtomicLong now = new AtomicLong(-5);
    private final OneTimeLinks links = new OneTimeLinks(now::get);

    @Test
    void a_link_logs_in_once() {
        String secret = links.link(GRANT);
        assertThat(secret).matches("[A-Za-z0-9_-]{43}");
        assertThat(links.redeemLink(secret)).contains(GRANT);
        assertThat(links.redeemLink(secret)).isEmpty();
    }

    @Test
    void a_link_and_a_code_are_valid_for_less_than_a_minute() {
        String secret = links.link(GRANT);
        String code = links.code(GRANT);
        now.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
        String young = links.link(GRANT);
        assertThat(links.redeemLink(secret)).contains(GRANT);
        String second = links.link(GRANT);
        now.addAndGet(1);
        assertThat(links.redeemCode(code)).isEmpty();
        assertThat(links.redeemLink(young)).contains(GRANT);
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(links.redeemLink(second)).isEmpty();
    }

    @Test
    void a_code_is_found_as_people_type_it_and_not_as_a_link() {
        String code = links.code(GRANT);
        assertThat(code).matches("[0-9A-HJKMNP-TV-Z]{8}");
        assertThat(links.redeemLink(code)).isEmpty();
        String typed = code.substring(0, 4) + "-"
                + code.substring(4).toLowerCase(Locale.ROOT).replace('0', 'o') + " ";
        assertThat(links.redeemCode(typed.replace('1', 'l'))).contains(GRANT);
        assertThat(links.redeemCode(code)).isEmpty();
    }

    @Test
    void after_five_wrong_codes_the_right_one_is_wrong_too_and_links_stay() {
        String link = links.link(GRANT);
        String first = links.code(GRANT);
        for (int i = 0; i < 4; i++) {
            assertThat(links.redeemCode("wrong")).isEmpty();
        }
        assertThat(links.redeemCode(first)).as("after four").contains(GRANT);
        String second = links.code(GRANT);
        for (int i = 0; i < 5; i++) {
            assertThat(links.redeemCode("AAAA-AAAA")).isEmpty();
        }
        assertThat(links.redeemCode(second)).as("after five").isEmpty();
        assertThat(links.redeemLink(link)).contains(GRANT);
        assertThat(links.redeemCode(links.code(GRANT))).as("a new one").contains(GRANT);
    }

    @Test
    void the_newest_of_too_many_stay() {
        String oldest = links.link(GRANT);
        String newest = "";
        for (int i = 0; i < 64; i++) {
            newest = links.link(GRANT);
        }
        assertThat(links.redeemLink(oldest)).isEmpty();
        assertThat(links.redeemLink(newest)).contains(GRANT);
    }
}
