package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A terminal of 80 columns in which a program runs, as users see it. Ends with all of its processes when it is closed.
 */
final class Tmux implements AutoCloseable {
    private final Path socket;
    private final Map<String, String> environment;

    /** Starts a program in a new terminal. */
    Tmux(Installation place, String... program) {
        socket = place.folder().resolve("tmux");
        environment = Map.copyOf(place.environment());
        var words = new ArrayList<>(List.of("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24"));
        words.addAll(List.of(program));
        tmux(words.toArray(String[]::new));
    }

    /** Types a text as it stands. */
    void type(String text) {
        tmux("send-keys", "-l", text);
    }

    /** Presses keys by their names, {@code Tab}, {@code Enter}, {@code C-c}. */
    void press(String... keys) {
        for (String key : keys) {
            tmux("send-keys", key);
        }
    }

    /** Returns the content of the screen, with colours as escape sequences. */
    String coloured() {
        return tmux("capture-pane", "-p", "-e");
    }

    /** Returns the content of the screen. */
    String screen() {
        return tmux("capture-pane", "-p");
    }

    /** Copies all data sent to the terminal from now on into a file, byte for byte. */
    void record(Path file) {
        tmux("pipe-pane", "cat >> " + file);
    }

    /** Returns the terminal's title. */
    String title() {
        return tmux("display-message", "-p", "#{pane_title}");
    }

    /** Waits until a text is on the screen. */
    void awaitScreen(String text) {
        eventually(() -> assertThat(screen()).contains(text));
    }

    private String tmux(String... words) {
        var all = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        all.addAll(List.of(words));
        var builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().put("LANG", "C.UTF-8");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(Installation.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the programs that run in it: a pager writes its history into the home folder while it ends. */
    private List<ProcessHandle> programs() {
        return tmux("list-panes", "-a", "-F", "#{pane_pid}")
                .lines()
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .flatMap(shell -> Stream.concat(Stream.of(shell), shell.descendants()))
                .toList();
    }

    @Override
    public void close() {
        var programs = programs();
        tmux("kill-server");
        eventually(() -> assertThat(programs).noneMatch(ProcessHandle::isAlive));
    }
}
