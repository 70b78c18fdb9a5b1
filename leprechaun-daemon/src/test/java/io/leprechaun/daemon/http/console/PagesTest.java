package io.leprechaun.daemon.http.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final String HOSTILE = "\"'><script>alert(1)</script>&";

    @Test
    void whatever_is_shown_stays_text() {
        var pages = new Pages("/x");
        for (byte[] page : new byte[][] {
            pages.login(HOSTILE, HOSTILE),
            pages.bounce(HOSTILE),
            pages.home(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
        }) {
            assertThat(new String(page, StandardCharsets.UTF_8))
                    .doesNotContain("<script>", "alert(1)<", "\"'>")
                    .contains("&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;");
        }
    }

    @Test
    void the_login_works_without_a_script_and_has_none_in_the_page() {
        String page = new String(new Pages("/x").login("/runs", ""), StandardCharsets.UTF_8);
        assertThat(page)
                .contains("action=\"/x/login\"", "name=\"code\"", "value=\"/runs\"", "<script src=\"/x/login.js\">")
                .doesNotContain("style=", "onload", "role=\"alert\"");
        assertThat(new String(Pages.script(), StandardCharsets.UTF_8)).contains("replaceState");
    }
}
