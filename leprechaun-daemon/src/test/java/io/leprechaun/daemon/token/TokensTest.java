package io.leprechaun.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private Path file;
    private Tokens tokens;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("access").resolve("tokens");
        tokens = Tokens.open(file, now::get);
    }

    private String issue(String name, Optional<Duration> life) throws IOException {
        return tokens.issue(name, Access.CHANGE, "zoë", life).orElseThrow().text();
    }

    @Test
    void a_token_is_found_by_its_text_also_by_the_next_daemon() throws IOException {
        String text = issue("deploy", Optional.empty());
        assertThat(text).matches("lep_[0-9a-f]{8}_[A-Za-z0-9_-]{43}");
        assertThat(tokens.find(text)).map(Token::name).contains("deploy");
        var next = Tokens.open(file, now::get);
        assertThat(next.find(text)).hasValueSatisfying(found -> {
            assertThat(found.scope()).isEqualTo(Access.CHANGE);
            assertThat(found.by()).isEqualTo("zoë");
            assertThat(found.created()).isEqualTo(NOON);
        });
    }

    @Test
    void only_its_whole_text_finds_it() throws IOException {
        String text = issue("deploy", Optional.empty());
        String other = issue("other", Optional.empty());
        char last = text.charAt(text.length() - 10) == 'A' ? 'B' : 'A';
        String changed = text.substring(0, text.length() - 10) + last + text.substring(text.length() - 9);
        assertThat(tokens.find(changed)).isEmpty();
        assertThat(tokens.find(text.substring(0, 13) + other.substring(13))).isEmpty();
        assertThat(tokens.find(text + "A")).isEmpty();
        assertThat(tokens.find("")).isEmpty();
        assertThat(tokens.find("lep_")).isEmpty();
    }

    @Test
    void the_secret_is_not_kept_and_the_file_is_the_owners_alone() throws IOException {
        String text = issue("deploy", Optional.empty());
        assertThat(Files.readString(file)).contains("deploy").doesNotContain(text.substring(13));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("access")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void an_expired_token_is_listed_and_not_found() throws IOException {
        String text = issue("short", Optional.of(Duration.ofHours(1)));
        Token token = tokens.find(text).orElseThrow();
        now.set(NOON.plus(Duration.ofHours(1)));
        assertThat(tokens.find(text)).isEmpty();
        assertThat(tokens.isValid(token)).isFalse();
        assertThat(tokens.all()).singleElement().matches(known -> known.isExpired(now.get()));
    }

    @Test
    void a_revoked_token_is_gone_at_once_and_for_the_next_daemon() throws IOException {
        String text = issue("deploy", Optional.empty());
        Token token = tokens.find(text).orElseThrow();
        assertThat(tokens.revoke("deploy")).isTrue();
        assertThat(tokens.find(text)).isEmpty();
        assertThat(tokens.isValid(token)).isFalse();
        assertThat(Tokens.open(file, now::get).all()).isEmpty();
        assertThat(tokens.revoke("deploy")).isFalse();
    }

    @Test
    void a_name_is_given_once() throws IOException {
        issue("deploy", Optional.empty());
        assertThat(tokens.issue("deploy", Access.READ, "root", Optional.empty()))
                .isEmpty();
        assertThat(tokens.all()).singleElement().matches(token -> token.scope() == Access.CHANGE);
    }

    @Test
    void the_use_is_noted_once_an_hour() throws IOException {
        String text = issue("deploy", Optional.empty());
        assertThat(tokens.all().getFirst().used()).isEmpty();
        tokens.find(text);
        now.set(NOON.plus(Duration.ofMinutes(59)));
        tokens.find(text);
        assertThat(tokens.all().getFirst().used()).contains(NOON);
        now.set(NOON.plus(Duration.ofHours(1)));
        tokens.find(text);
        assertThat(Tokens.open(file, now::get).all().getFirst().used()).contains(now.get());
    }

    @Test
    void a_damaged_line_costs_its_token_alone() throws IOException {
        String text = issue("deploy", Optional.empty());
        Files.writeString(file, "deadbeef torn READ root 2026-11-", StandardOpenOption.APPEND);
        Files.write(file, new byte[] {'\n', (byte) 0xff, 0}, StandardOpenOption.APPEND);
        var next = Tokens.open(file, now::get);
        assertThat(next.find(text)).isPresent();
        assertThat(next.all()).hasSize(1);
    }

    @Test
    void a_token_that_cannot_be_stored_is_not_made() throws IOException {
        issue("first", Optional.empty());
        Files.move(folder.resolve("access"), folder.resolve("away"));
        Files.writeString(folder.resolve("access"), "in its place");
        assertThatThrownBy(() -> issue("second", Optional.empty())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> tokens.revoke("first")).isInstanceOf(IOException.class);
        assertThat(tokens.all()).singleElement().matches(token -> token.name().equals("first"));
    }
}
