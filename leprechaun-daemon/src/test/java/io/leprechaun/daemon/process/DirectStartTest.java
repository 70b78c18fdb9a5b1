package io.leprechaun.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text that is started without a shell has the same effect as with one: output, new files, exit code, folder. */
@Timeout(180)
class DirectStartTest {
    private static final int TEXTS = 1500;
    private static final int COMPARED = 250;

    /** The words of the texts, among them many that shells interpret. */
    private static final List<String> WORDS = List.of(
            "show",
            "./show",
            "sub/show",
            "/bin/true",
            "/bin/false",
            "ls",
            "expr",
            "env",
            "none",
            "./none",
            "./plain",
            "./sub",
            "./noshebang",
            "./exit7",
            "./killed",
            "touch",
            "stat",
            "test",
            "echo",
            "true",
            "cd",
            "exit",
            ":",
            "if",
            "then",
            "for",
            "time",
            "a",
            "B",
            "0",
            "7",
            "-n",
            "-l",
            "--",
            "-",
            "--x=y",
            "a=b",
            "x:y",
            "x@y",
            "1,2",
            "50%",
            "+1",
            "_",
            ".",
            "..",
            "/",
            "~",
            "~root",
            "*",
            "?",
            "[a]",
            "{a,b}",
            "$HOME",
            "${A}",
            "$(id)",
            "`id`",
            "'q q'",
            "\"q q\"",
            "\\x",
            "#c",
            "a#b",
            "!",
            "!a",
            "^",
            "&",
            "&&",
            "||",
            ";",
            "|",
            ">out",
            "2>&1",
            "<in",
            "(a)",
            "a;b",
            "ä",
            "\t");

    /**
     * The parent of the folder, used by this test alone, too: texts list it, and no other process may create files
     * there meanwhile.
     */
    @TempDir
    private Path around;

    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void open() throws Exception {
        folder = Files.createDirectory(around.resolve("here"));
        sandbox = new Sandbox(folder);
        sandbox.script(
                "show",
                "#!/bin/sh\nfor word; do printf '<%s>' \"$word\"; done\necho \" $PWD $(pwd -P) $0\"\nexit $#\n");
        Files.createDirectory(sandbox.file("sub"));
        sandbox.script("sub/show", "#!/bin/sh\necho other; exit 40\n");
        sandbox.script("exit7", "#!/bin/sh\nexit 7\n");
        sandbox.script("killed", "#!/bin/sh\nkill -TERM $$\n");
        sandbox.script("noshebang", "echo \"no shebang $*\"\nexit 9\n");
        Files.writeString(sandbox.file("plain"), "no program\n");
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** The effect of a command. */
    private record Effect(int code, List<String> printed, List<String> files) {}

    @Tag("proof")
    @Test
    void every_text_that_is_started_as_it_is_has_the_effect_that_it_has_in_a_shell() throws Exception {
        var random = new Random(20261124);
        int compared = 0;
        for (int i = 0; i < TEXTS && compared < COMPARED; i++) {
            String text = text(random);
            Optional<List<String>> plain = Step.Action.Shell.of(text).plain();
            if (plain.isPresent()) {
                assertThat(effect(plain.get())).as(text).isEqualTo(effect(List.of("/bin/sh", "-c", text)));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(COMPARED);
    }

    private static String text(Random random) {
        // a program comes first in most texts: otherwise nearly no program would be found
        List<String> first = random.nextInt(4) == 0 ? WORDS : WORDS.subList(0, 17);
        var words = new ArrayList<>(List.of(first.get(random.nextInt(first.size()))));
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            List<String> others = random.nextInt(3) == 0 ? WORDS : WORDS.subList(27, 46);
            words.add(others.get(random.nextInt(others.size())));
        }
        return String.join(random.nextInt(5) == 0 ? "  " : " ", words);
    }

    private Effect effect(List<String> argv) throws Exception {
        Files.deleteIfExists(sandbox.output());
        var before = files();
        var environment =
                Map.of("PATH", folder + ":/usr/bin:/bin", "PWD", folder.toString(), "A", "a b", "HOME", "/nowhere");
        int code;
        try {
            code = sandbox.run(sandbox.spec(environment, argv.toArray(String[]::new)))
                    .code();
        } catch (SpawnException e) {
            code = e.code();
        }
        var after = files();
        after.removeAll(before);
        for (String made : after) {
            Files.delete(sandbox.file(made));
        }
        // the message that it cannot be run, or that a signal ended it, differs in its sender and its words
        String printed = code > 125 ? "" : Sandbox.read(sandbox.output());
        List<String> lines = printed.lines().sorted().toList(); // the order of variables has no meaning
        return new Effect(code, lines, after);
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("output.log"))
                    .sorted()
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    @Test
    void the_environment_is_the_one_of_a_shell_that_has_nothing_of_its_own() throws Exception {
        var environment = Map.of("PATH", "/usr/bin:/bin", "PWD", folder.toString(), "A", "b");
        List<String> direct = sandbox.printed(sandbox.spec(environment, "env"))
                .lines()
                .sorted()
                .toList();
        Files.delete(sandbox.output());
        List<String> shell = sandbox.printed(sandbox.spec(environment, "/bin/sh", "-c", "env"))
                .lines()
                .filter(line -> !line.startsWith("_=") && !line.startsWith("SHLVL="))
                .sorted()
                .toList();
        assertThat(direct).isEqualTo(shell);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo a",
                "cd /",
                "exit 3",
                "true",
                ". ./x",
                "exec ls",
                "A=b ls",
                "ls *",
                "ls ~",
                "ls $HOME",
                "ls;ls",
                "ls | cat",
                "ls > x",
                "ls 'a b'",
                "ls \"a\"",
                "ls \\a",
                "ls #x",
                "!ls",
                "! ls",
                "{ ls; }",
                "(ls)",
                "if x",
                "ls\nls",
                "ls &",
                "ls {a,b}",
                "ls [a]",
                "ls a?",
                "-ls",
                "ls\ta",
                "",
                " ",
                "time ls",
                "sleep 1",
                "ls ä",
                "ls `id`",
                "ls ^a",
                "ls !x"
            })
    void a_shell_is_left_between_where_it_might_do_something(String text) {
        assertThat(Step.Action.Shell.of(text).plain()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls",
                "/usr/bin/env",
                "./run.sh --all -x",
                "pg_dump app",
                "tar -czf /tmp/x.tgz --exclude=a /etc",
                " rsync -a host:/x/ y@z:1,2 ",
                "7z x a+b%c"
            })
    void a_plain_command_needs_none(String text) {
        assertThat(Step.Action.Shell.of(text).plain())
                .contains(List.of(text.strip().split(" +")));
    }
}
