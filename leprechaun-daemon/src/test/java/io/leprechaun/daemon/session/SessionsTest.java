package io.leprechaun.daemon.session;

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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private Path file;
    private Sessions sessions;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("access").resolve("sessions");
        sessions = Sessions.open(file, now::get);
    }

    private Sessions.Begun begin(String user, Duration life) throws IOException {
        return sessions.begin(new Grant(user, Access.CHANGE, life, "code"), true, "::1", new Peer("1000"))
                .orElseThrow();
    }

    @Test
    void a_session_is_found_by_its_secret_also_by_the_next_daemon() throws IOException {
        var begun = begin("zoë", Duration.ofHours(12));
        assertThat(begun.secret()).matches("[A-Za-z0-9_-]{43}");
        assertThat(sessions.find(begun.secret())).contains(begun.session());
        assertThat(Sessions.open(file, now::get).find(begun.secret())).contains(begun.session());
        assertThat(begun.session())
                .isEqualTo(new Session(
                        begun.session().id(),
                        "zoë",
                        Access.CHANGE,
                        true,
                        "code",
                        "::1",
                        NOON,
                        NOON.plus(Duration.ofHours(12)),
                        new Peer("1000"),
                        begun.session().hash()));
    }

    @Test
    void the_file_has_no_secret_and_is_for_its_owner_alone() throws IOException {
        var begun = begin("ann", Duration.ofHours(1));
        assertThat(Files.readString(file))
                .doesNotContain(begun.secret())
                .contains("ann", begun.session().hash());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void it_ends_by_its_time_and_by_a_command() throws IOException {
        var early = begin("ann", Duration.ofHours(1));
        var late = begin("bob", Duration.ofHours(3));
        now.set(NOON.plus(Duration.ofHours(1)));
        assertThat(sessions.find(early.secret())).isEmpty();
        assertThat(sessions.isValid(early.session())).isFalse();
        assertThat(sessions.all()).containsExactly(late.session());
        assertThat(sessions.end(session -> session.user().equals("ann"))).isEmpty();
        assertThat(sessions.end(session -> session.user().equals("bob"))).containsExactly(late.session());
        assertThat(sessions.find(late.secret())).isEmpty();
        assertThat(Sessions.open(file, now::get).all()).isEmpty();
        assertThat(Files.readString(file)).as("the expired one is gone, too").isEmpty();
    }

    @Test
    void neither_its_hash_nor_its_id_finds_it() throws IOException {
        var begun = begin("ann", Duration.ofHours(1));
        for (String wrong : new String[] {
            "",
            begun.session().id(),
            begun.session().hash(),
            begun.secret() + "A",
            begun.secret().substring(1)
        }) {
            assertThat(sessions.find(wrong)).isEmpty();
        }
    }

    @Test
    void a_damaged_line_ends_only_its_own_session() throws IOException {
        var begun = begin("ann", Duration.ofHours(1));
        Files.writeString(
                file,
                "broken\n"
                        + begun.session().id()
                        + " root ADMINISTER true link ::1 2026-11-30T12:00:00Z 2026-12-30T12:00:00Z none "
                        + begun.session().hash() + "\n",
                StandardOpenOption.APPEND);
        assertThat(Sessions.open(file, now::get).all()).containsExactly(begun.session());
    }

    @Test
    void there_is_a_limit_which_expired_ones_do_not_count_for() throws IOException {
        var grant = new Grant("ann", Access.READ, Duration.ofHours(1), "link");
        for (int i = 0; i < Sessions.MOST; i++) {
            assertThat(sessions.begin(grant, true, "::1", Peer.ANY)).isPresent();
        }
        assertThat(sessions.begin(grant, true, "::1", Peer.ANY)).isEmpty();
        now.set(NOON.plus(Duration.ofHours(1)));
        assertThat(sessions.begin(grant, true, "::1", Peer.ANY)).isPresent();
    }

    @Test
    void what_cannot_be_stored_is_not_begun() throws IOException {
        Files.writeString(folder.resolve("access"), "a file in the place of the folder");
        assertThatThrownBy(() -> begin("ann", Duration.ofHours(1))).isInstanceOf(IOException.class);
        assertThat(sessions.all()).isEmpty();
    }

    @Test
    void a_bond_admits_its_own_peer_alone() {
        var ann = new Peer("1000");
        assertThat(ann.admits(new Peer("1000"))).isTrue();
        assertThat(ann.admits(new Peer("1001"))).isFalse();
        assertThat(ann.admits(Peer.UNKNOWN)).isFalse();
        assertThat(Peer.UNKNOWN.admits(ann)).isFalse();
        assertThat(Peer.UNKNOWN.admits(Peer.UNKNOWN)).isTrue();
        assertThat(Peer.ANY.admits(ann)).isTrue();
        assertThatThrownBy(() -> new Peer("ann")).isInstanceOf(IllegalArgumentException.class);
    }
}
