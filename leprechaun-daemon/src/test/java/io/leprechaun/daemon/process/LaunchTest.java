package io.leprechaun.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.posix.Self;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LaunchTest {
    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void open() {
        sandbox = new Sandbox(folder);
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void a_program_that_is_not_there_is_127() {
        assertRefused(
                sandbox.spec("no-such-program"),
                127,
                "cannot run 'no-such-program': not found in PATH (" + Sandbox.PATH + ")");
        assertRefused(sandbox.spec("/no/such"), 127, "cannot run '/no/such': /no/such does not exist");
        assertRefused(sandbox.spec("./such"), 127, "cannot run './such': ./such does not exist");
        assertRefused(sandbox.spec(""), 127, "empty command name");
        assertRefused(sandbox.spec(), 127, "empty command");
    }

    @Test
    void a_program_that_may_not_be_executed_is_126() throws Exception {
        Files.writeString(sandbox.file("plain"), "#!/bin/sh\n");
        Files.createDirectory(sandbox.file("sub"));
        assertRefused(
                sandbox.spec("./plain"),
                126,
                "cannot run './plain': ./plain is not executable: permission denied; use chmod +x");
        assertRefused(sandbox.spec("./sub"), 126, "cannot run './sub': ./sub is a folder");
        assertRefused(
                in(folder, Map.of("PATH", "/bin:" + folder), "plain"),
                126,
                "cannot run 'plain': " + folder + "/plain is not executable: permission denied; use chmod +x");
    }

    @Test
    void a_missing_interpreter_is_told_apart_from_a_missing_program() throws Exception {
        sandbox.script("script", "#! /no/interpreter -x\n");
        assertRefused(
                sandbox.spec("./script"),
                126,
                "cannot run './script': the interpreter in the first line of ./script, /no/interpreter, does not"
                        + " exist");
    }

    @Test
    void a_program_on_a_file_system_that_allows_none_is_told_so() throws Exception {
        assumeThat(Self.uid()).as("only root mounts").isZero();
        Path mounted = Files.createDirectory(sandbox.file("noexec"));
        Child child = sandbox.start(sandbox.spec(
                "/usr/bin/unshare",
                "-m",
                "/bin/sh",
                "-c",
                "mount -t tmpfs -o noexec,mode=755 none noexec && printf '#!/bin/sh\\n' > noexec/x.sh"
                        + " && chmod 755 noexec/x.sh && echo ready; exec sleep 60"));
        await().until(() ->
                child.exit().isDone() || !Sandbox.read(sandbox.output()).isEmpty());
        assumeThat(Sandbox.read(sandbox.output())).as("mounts are allowed").isEqualTo("ready\n");
        Files.delete(sandbox.output());
        String program = "/proc/" + child.pid() + "/root" + mounted + "/x.sh";
        assertRefused(
                sandbox.spec(program),
                126,
                "cannot run '" + program + "': " + program + " is not executable: its file system is mounted noexec;"
                        + " call its interpreter, as in `sh " + program + "`, or mount it with exec");
    }

    @Test
    void a_script_with_the_ends_of_lines_of_dos_is_told_apart() throws Exception {
        sandbox.script("script", "#!/bin/sh\r\necho hi\r\n");
        assertRefused(
                sandbox.spec("./script"),
                126,
                "cannot run './script': the first line of ./script ends with a carriage return (DOS line ending):"
                        + " sed -i 's/\\r$//' ./script");
    }

    @Test
    void a_script_that_names_no_interpreter_is_run_by_the_shell() throws Exception {
        sandbox.script("-script", "echo \"$0|$1|$2\"; exit 9");
        assertThat(sandbox.run(sandbox.spec(folder + "/-script", "a b", "")).code())
                .isEqualTo(9);
        assertThat(sandbox.output()).hasContent(folder + "/-script|a b|\n");
        assertThat(sandbox.run(in(folder, Map.of("PATH", ""), "-script", "x", "y"))
                        .code())
                .isEqualTo(9);
        assertThat(sandbox.output()).hasContent("./-script|x|y\n");
    }

    @Test
    void a_program_of_another_machine_is_no_script() throws Exception {
        sandbox.script("damaged", "\u007fELF\0\0\0damaged\n");
        assertRefused(
                sandbox.spec("./damaged"),
                126,
                "cannot run './damaged': ./damaged is not a program for this kind of machine");
    }

    @Test
    void a_folder_to_start_in_must_be_there() throws Exception {
        Files.writeString(sandbox.file("file"), "");
        assertRefused(
                in(Path.of("/x/y"), sandbox.environment, "true"),
                126,
                "cannot run 'true': the folder /x/y does not exist");
        assertRefused(
                in(sandbox.file("file"), sandbox.environment, "true"),
                126,
                "cannot run 'true': " + folder + "/file is not a folder");
    }

    @Test
    void an_argument_list_that_is_too_long_says_how_long_it_is() {
        ProcessSpec spec = sandbox.spec(Map.of("A", "b"), "/bin/true", "x".repeat(200_000));
        assertRefused(
                spec,
                126,
                "cannot run '/bin/true': argument list too long: %d bytes with the environment, the longest argument 200001; use a file instead"
                        .formatted(200_015 + ("LEPRECHAUN_MARK=" + sandbox.mark.text()).length() + 1));
    }

    @Test
    void a_nul_byte_is_refused_and_never_cuts_a_word() {
        assertRefused(
                sandbox.spec("rm", "-rf", "/data\0/old"), 126, "cannot run 'rm': an argument contains a NUL byte");
        assertRefused(
                in(folder, Map.of("PATH", Sandbox.PATH, "A", "\0"), "true"),
                126,
                "cannot run 'true': the environment variable A contains a NUL byte");
        assertRefused(
                in(folder, Map.of("PATH", Sandbox.PATH, "A=B", ""), "true"),
                126,
                "cannot run 'true': invalid name of an environment variable 'A=B'");
    }

    @Test
    void the_path_is_the_parts_own_and_relative_folders_are_of_its_folder() throws Exception {
        Files.createDirectory(sandbox.file("bin"));
        sandbox.script("bin/mine", "#!/bin/sh\nexit 5\n");
        assertThat(sandbox.run(in(folder, Map.of("PATH", "/bin:bin"), "mine")).code())
                .isEqualTo(5);
        assertThat(sandbox.run(in(folder, Map.of("PATH", folder + "/bin"), "mine"))
                        .code())
                .isEqualTo(5);
        assertThat(sandbox.run(in(folder, Map.of(), "true")).code()).isZero();
    }

    @Test
    void what_else_is_in_the_command_is_not_told() {
        assertThat(refusal(sandbox.spec("no-such-program", "--password=secret")))
                .hasMessageNotContaining("secret");
    }

    private ProcessSpec in(Path directory, Map<String, String> environment, String... argv) {
        return sandbox.spec(Sandbox.context(environment, directory, 022), sandbox.mark, argv);
    }

    private void assertRefused(ProcessSpec spec, int code, String message) {
        SpawnException refusal = refusal(spec);
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.code()).isEqualTo(code);
    }

    private SpawnException refusal(ProcessSpec spec) {
        return catchThrowableOfType(SpawnException.class, () -> sandbox.start(spec));
    }
}
