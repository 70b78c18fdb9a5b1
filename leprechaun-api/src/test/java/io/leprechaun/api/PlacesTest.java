package io.leprechaun.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
    private static final Path HOME = Path.of("/home/ann");
    private static final Path TREE = Path.of("/opt/tree");
    private static final String ETC = "/etc/leprechaun/leprechaun.yml";
    private static final String USER = "/home/ann/.config/leprechaun/leprechaun.yml";
    private static final String SHIPPED = "/opt/tree/configs/leprechaun.yml";

    @ParameterizedTest(name = "{3}")
    @CsvSource({
        "'', '', , nothing there: the defaults",
        "'', /etc/leprechaun/leprechaun.yml, /etc/leprechaun/leprechaun.yml, the system's",
        "'', /etc/leprechaun/leprechaun.yml /home/ann/.config/leprechaun/leprechaun.yml,"
                + " /home/ann/.config/leprechaun/leprechaun.yml, the user's before the system's",
        "'', /opt/tree/configs/leprechaun.yml, /opt/tree/configs/leprechaun.yml, the tree's last",
        "XDG_CONFIG_HOME=/x, /x/leprechaun/leprechaun.yml, /x/leprechaun/leprechaun.yml, XDG moves the user's",
        "XDG_CONFIG_HOME=x, /home/ann/.config/leprechaun/leprechaun.yml, /home/ann/.config/leprechaun/leprechaun.yml,"
                + " a relative XDG folder is ignored",
        "HOME=/h, /h/.config/leprechaun/leprechaun.yml, /h/.config/leprechaun/leprechaun.yml, HOME before the"
                + " account's home",
        "LEPRECHAUN_CONFIG=/gone.yml, /etc/leprechaun/leprechaun.yml, /gone.yml, a variable's file is taken though it"
                + " is not there",
        "LEPRECHAUN_CONFIG=, /etc/leprechaun/leprechaun.yml, /etc/leprechaun/leprechaun.yml, an empty variable is none",
    })
    void settings_are_the_first_that_is_there(String environment, String files, String expected, String why) {
        assertThat(places(environment, false, files).settings(null))
                .as(why)
                .isEqualTo(Optional.ofNullable(expected).map(Path::of));
    }

    @Test
    void a_flag_overrides_the_variable() {
        Places places = places(
                "LEPRECHAUN_CONFIG=/v LEPRECHAUN_STATE=/v LEPRECHAUN_SOCKET=/v LEPRECHAUN_RECIPES=/v", false, "");
        Path flag = Path.of("flag");
        assertThat(places.settings(flag)).contains(flag);
        assertThat(places.state(flag, null)).isEqualTo(flag);
        assertThat(places.socket(flag, null, HOME)).isEqualTo(flag);
        assertThat(places.recipes(flag, null, null)).isEqualTo(flag);
    }

    @Test
    void a_variable_overrides_the_settings() {
        Places places = places("LEPRECHAUN_STATE=/v LEPRECHAUN_SOCKET=/v LEPRECHAUN_RECIPES=/v", false, "");
        Path named = Path.of("/named");
        Path variable = Path.of("/v");
        assertThat(places.state(null, named)).isEqualTo(variable);
        assertThat(places.socket(null, named, HOME)).isEqualTo(variable);
        assertThat(places.recipes(null, named, null)).isEqualTo(variable);
    }

    @ParameterizedTest(name = "{5}")
    @CsvSource({
        "'', false, '', /home/ann/.local/state/leprechaun, /home/ann/.local/state/leprechaun/leprechaun.sock, a user",
        "XDG_RUNTIME_DIR=/run/user/7, false, '', /home/ann/.local/state/leprechaun, /run/user/7/leprechaun.sock, a"
                + " user's session",
        "XDG_STATE_HOME=/s, false, '', /s/leprechaun, /s/leprechaun/leprechaun.sock, XDG moves the state and with it"
                + " the socket",
        "'', false, /etc/leprechaun/leprechaun.yml, /home/ann/.local/state/leprechaun,"
                + " /home/ann/.local/state/leprechaun/leprechaun.sock, a user beside a system install",
        "'', true, '', /home/ann/.local/state/leprechaun, /home/ann/.local/state/leprechaun/leprechaun.sock, root in a"
                + " checkout",
        "XDG_RUNTIME_DIR=/run/user/0, true, /etc/leprechaun/leprechaun.yml, /var/lib/leprechaun,"
                + " /run/leprechaun/leprechaun.sock, root of a system install",
        "LEPRECHAUN_STATE=/s, true, /etc/leprechaun/leprechaun.yml, /s, /run/leprechaun/leprechaun.sock, root with the"
                + " state elsewhere",
    })
    void client_and_daemon_meet_without_settings(
            String environment, boolean root, String files, String state, String socket, String why) {
        Places places = places(environment, root, files);
        assertThat(places.state(null, null)).as(why).hasToString(state);
        assertThat(places.socket(null, null, places.state(null, null))).as(why).hasToString(socket);
        assertThat(places.socketCandidates(null, null)).as(why).contains(Path.of(socket));
    }

    @Test
    void recipes_lie_beside_the_settings() {
        Places places = places("", false, "");
        assertThat(places.recipes(null, null, Path.of(ETC))).hasToString("/etc/leprechaun/recipes");
        assertThat(places.recipes(null, Path.of("/r"), Path.of(ETC))).hasToString("/r");
        assertThat(places.recipes(null, null, null)).hasToString("/home/ann/.config/leprechaun/recipes");
    }

    @Test
    void the_client_tries_the_settings_then_the_users_then_the_systems_socket() {
        Places places = places("XDG_RUNTIME_DIR=/run/user/7", false, "");
        assertThat(places.socketCandidates(Path.of("/a.sock"), Path.of("/s")))
                .isEqualTo(paths(
                        "/a.sock",
                        "/s/leprechaun.sock",
                        "/run/user/7/leprechaun.sock",
                        "/run/leprechaun/leprechaun.sock"));
        assertThat(places.socketCandidates(null, null))
                .isEqualTo(paths(
                        "/run/user/7/leprechaun.sock",
                        "/home/ann/.local/state/leprechaun/leprechaun.sock",
                        "/run/leprechaun/leprechaun.sock"));
    }

    @Test
    void settings_are_looked_for_in_the_order_of_the_manual() {
        assertThat(places("", false, "").settingsCandidates()).isEqualTo(paths(USER, ETC, SHIPPED));
    }

    @Test
    void a_socket_path_is_measured_in_bytes() {
        assertThat(Places.fitsSocket(Path.of("/" + "a".repeat(106)))).isTrue();
        assertThat(Places.fitsSocket(Path.of("/" + "a".repeat(107)))).isFalse();
    }

    private static List<Path> paths(String... paths) {
        return Arrays.stream(paths).map(Path::of).toList();
    }

    private static Places places(String environment, boolean root, String files) {
        Map<String, String> variables = Arrays.stream(environment.split(" "))
                .filter(pair -> !pair.isEmpty())
                .collect(Collectors.toMap(
                        pair -> pair.substring(0, pair.indexOf('=')), pair -> pair.substring(pair.indexOf('=') + 1)));
        Set<Path> there = Arrays.stream(files.split(" ")).map(Path::of).collect(Collectors.toSet());
        return new Places(variables, HOME, root, Optional.of(TREE), there::contains);
    }
}
