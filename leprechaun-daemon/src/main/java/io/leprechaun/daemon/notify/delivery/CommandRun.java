package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.notify.Notifier;
import io.leprechaun.daemon.notify.OutputExcerpt;
import io.leprechaun.daemon.notify.Summary;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.OutputPump;
import io.leprechaun.daemon.output.Outputs;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Mark;
import io.leprechaun.daemon.process.ProcessContext;
import io.leprechaun.daemon.process.ProcessSpec;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.process.SpawnException;
import io.leprechaun.daemon.run.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The sender of notices to a command, which gets them in its environment: no text of them is on the command line, where
 * a shell would read it. Exit code 0 means that the command took them. After a minute it is ended.
 */
public final class CommandRun implements Notifier.Sender {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** The largest size of its output that is kept, in bytes. */
    private static final long MOST_PRINTED = 1 << 20;
    /** The longest value, in characters: the kernel refuses a variable of more than 128 KiB (execve(2)). */
    private static final int LONGEST_TEXT = 30_000;

    private final List<String> argv;
    private final MessageWriter writer;
    private final CommandContext around;
    private final Duration longest;
    private volatile @Nullable Child current;

    /**
     * The context in which the command runs.
     *
     * @param store the identity of the store
     * @param output the file that keeps its output, which is removed before
     * @param environment the daemon's environment
     */
    public record CommandContext(
            Processes processes, OutputPump pump, String store, Path output, Map<String, String> environment) {
        public CommandContext {
            environment = Map.copyOf(environment);
        }
    }

    /** @param argv the program and its arguments, at least one word */
    public CommandRun(List<String> argv, MessageWriter writer, CommandContext around) {
        this(argv, writer, around, LONGEST);
    }

    CommandRun(List<String> argv, MessageWriter writer, CommandContext around, Duration longest) {
        this.argv = List.copyOf(argv);
        this.writer = writer;
        this.around = around;
        this.longest = longest;
    }

    @Override
    public List<Outbox.Refusal> send(List<Notice> notices) throws NotSentException {
        try (var outputs = around.pump().outputs(MOST_PRINTED, List.of(), Mask.NONE, Outputs.Listener.NONE)) {
            Files.deleteIfExists(around.output());
            Child child = start(notices, outputs);
            current = child;
            int code =
                    child.exit().get(longest.toMillis(), TimeUnit.MILLISECONDS).code();
            outputs.end(around.output());
            if (code != 0) {
                String why = argv.getFirst() + ": " + ExitStatus.text(code) + said();
                throw new NotSentException(SendFault.NOTICE_FOR_GOOD, why, new IOException(why));
            }
            return List.of();
        } catch (TimeoutException e) {
            end();
            String why = argv.getFirst() + " timed out after " + longest.toSeconds() + " s";
            throw new NotSentException(SendFault.NOTICE_FOR_GOOD, why, e);
        } catch (SpawnException | IOException | ExecutionException e) {
            throw new NotSentException(SendFault.SERVER, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end();
            throw new NotSentException(SendFault.SERVER, "interrupted", e);
        }
    }

    private Child start(List<Notice> notices, Outputs outputs) throws SpawnException {
        var context =
                new ProcessContext(environment(notices), Path.of("/"), 0022, OptionalInt.empty(), Optional.empty());
        var spec = new ProcessSpec(argv, context, new Mark(around.store(), 0, 1, 1), outputs.of(around.output()));
        Child child = around.processes().start(List.of(spec)).getFirst();
        outputs.begun(List.of(around.output()));
        return child;
    }

    private Map<String, String> environment(List<Notice> notices) {
        var environment = new HashMap<>(around.environment());
        Summary.of(writer.host(), notices, writer.message(notices)).forEach((name, value) -> {
            if (!value.isEmpty()) {
                environment.put(
                        "LEPRECHAUN_" + name.toUpperCase(Locale.ROOT),
                        value.substring(0, Math.min(value.length(), LONGEST_TEXT)));
            }
        });
        return environment;
    }

    /** Returns the last line that the command printed. */
    private String said() {
        List<String> lines = OutputExcerpt.of(around.output()).lines();
        return lines.isEmpty() ? "" : ": " + lines.getLast();
    }

    private void end() {
        Child child = current;
        if (child != null) {
            around.processes().end(List.of(child), GRACE);
        }
    }

    @Override
    public void close() {
        end();
    }
}
