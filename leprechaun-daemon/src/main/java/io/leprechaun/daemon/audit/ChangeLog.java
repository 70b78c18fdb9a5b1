package io.leprechaun.daemon.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The files with the changes. Thread-safe. */
public final class ChangeLog {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);
    /** The size of a file in bytes beyond which another one is begun. */
    private static final long LARGE = 8 << 20;
    /** The number of files. */
    private static final int FILES = 8;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final InstantSource clock;
    private final long large;
    private volatile Consumer<Change> added = change -> {};

    /** @param file the newest file, which need not exist; earlier ones are beside it */
    public ChangeLog(Path file, InstantSource clock) {
        this(file, clock, LARGE);
    }

    ChangeLog(Path file, InstantSource clock, long large) {
        this.file = file;
        this.clock = clock;
        this.large = large;
    }

    /**
     * Adds a change that was just answered; it is on disk when this returns. A failure is logged: the change itself was
     * made. For the parameters see {@link Change}.
     */
    public void add(String by, String way, String command, List<String> arguments, int code, Optional<String> reason) {
        add(new Change(clock.instant(), by, way, command, arguments, code, reason));
    }

    /** Sets the listener for each change that was recorded, which must not block. */
    public void onChange(Consumer<Change> listener) {
        added = listener;
    }

    private synchronized void add(Change change) {
        added.accept(change);
        try {
            append(JSON.writeValueAsString(data(change)) + "\n");
        } catch (IOException e) {
            LOG.error(
                    "the change could not be recorded in {} ({}): command=\"{}\" by={}",
                    file,
                    e.getMessage(),
                    change.command(),
                    change.by());
        }
    }

    private static LinkedHashMap<String, @Nullable Object> data(Change change) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("at", change.at().toString());
        data.put("by", change.by());
        data.put("way", change.way());
        data.put("command", change.command());
        data.put("arguments", change.arguments());
        data.put("code", change.code());
        data.put("reason", change.reason().orElse(null));
        return data;
    }

    private void append(String line) throws IOException {
        var folder = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Files.createDirectory(file.resolveSibling(""), folder);
        } catch (FileAlreadyExistsException e) {
            // made before
        }
        if (Files.exists(file) && Files.size(file) + line.getBytes(StandardCharsets.UTF_8).length > large) {
            for (int age = FILES - 1; age > 0; age--) {
                Path younger = earlier(age - 1);
                if (Files.exists(younger)) {
                    Files.move(younger, earlier(age), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        var how = Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.READ,
                LinkOption.NOFOLLOW_LINKS);
        try (var channel = FileChannel.open(file, how, owner)) {
            long end = channel.size();
            channel.position(end);
            var bytes = StandardCharsets.UTF_8.encode(endsLine(channel, end) ? line : "\n" + line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Returns whether no part of a line stands at the end, as a crash leaves one. */
    private static boolean endsLine(FileChannel channel, long end) throws IOException {
        var last = ByteBuffer.allocate(1);
        return end == 0 || channel.read(last, end - 1) == 1 && last.get(0) == '\n';
    }

    /** Returns a file by its age; 0 is the newest. */
    private Path earlier(int age) {
        return age == 0
                ? file
                : file.resolveSibling(String.valueOf(file.getFileName()).replace(".jsonl", "." + age + ".jsonl"));
    }

    /**
     * Returns the newest changes that match, the newest last.
     *
     * @param most the largest number of them
     * @throws IOException when a file cannot be read
     */
    public synchronized List<Change> newest(int most, Predicate<Change> wanted) throws IOException {
        Deque<Change> found = new ArrayDeque<>();
        for (int age = 0; age < FILES && found.size() < most; age++) {
            var ofFile = new ArrayDeque<Change>();
            try (var lines = Files.lines(earlier(age))) {
                lines.flatMap(line -> parse(line).stream()).filter(wanted).forEach(change -> {
                    ofFile.add(change);
                    if (ofFile.size() > most) {
                        ofFile.remove();
                    }
                });
            } catch (NoSuchFileException e) {
                break;
            }
            while (!ofFile.isEmpty() && found.size() < most) {
                found.addFirst(ofFile.removeLast());
            }
        }
        return new ArrayList<>(found);
    }

    /** Returns the change of a line; empty for a line that a crash cut off. */
    private static Optional<Change> parse(String line) {
        try {
            JsonNode data = JSON.readTree(line);
            var arguments = new ArrayList<String>();
            data.path("arguments").forEach(word -> arguments.add(word.asString("")));
            return Optional.of(new Change(
                    Instant.parse(data.path("at").asString("")),
                    data.path("by").asString(""),
                    data.path("way").asString(""),
                    data.path("command").asString(""),
                    arguments,
                    data.path("code").asInt(0),
                    Optional.of(data.path("reason")).filter(JsonNode::isString).map(node -> node.asString(""))));
        } catch (JacksonException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
