package io.leprechaun.daemon.store;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.body.BodyFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The bodies of runs as rows. A small body is stored by its content. A large one is stored by its file's name, length
 * and hash, as a parameter under a reserved name.
 */
final class BodyRows {
    private static final String FILED = "-body";

    private final RunMapper rows;
    private final SqliteErrors faults;
    private final Path folder;

    /** @param store the file of the store; the folder of large bodies is beside it */
    BodyRows(Path store, RunMapper rows, SqliteErrors faults) {
        this.rows = rows;
        this.faults = faults;
        this.folder = store.resolveSibling(BodyFolder.NAME);
    }

    static void insert(Transaction changes, long run, Body body) {
        switch (body) {
            case Body.Held(byte[] content) ->
                changes.execute(
                        "insert into body (run, content, checksum) values (?, ?, ?)",
                        run,
                        content,
                        Checksum.of(run, content));
            case Body.Filed(Path file, long length, String sha256) ->
                changes.execute(
                        "insert into parameter (run, name, value) values (?, ?, ?)",
                        run,
                        FILED,
                        file.getFileName() + " " + length + " " + sha256);
        }
    }

    /** @param parameters the parameters of the run; the entry about a large body is removed from them */
    Optional<Body> find(Handle handle, long run, Map<String, String> parameters) {
        String filed = parameters.remove(FILED);
        if (filed != null) {
            return Optional.of(filed(filed.split(" ", -1), run));
        }
        return handle.createQuery("select content, checksum from body where run = :run")
                .bind("run", run)
                .map((row, context) -> {
                    byte[] content = row.getBytes("content");
                    rows.verify(row, Checksum.of(run, content), "the body of run " + run);
                    return (Body) new Body.Held(content);
                })
                .findOne();
    }

    private Body filed(String[] words, long run) {
        try {
            return new Body.Filed(folder.resolve(words[0]), Long.parseLong(words[1]), words[2]);
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) { // invalid words
            throw faults.damagedRow("the body of run " + run);
        }
    }

    /** Returns the names of all files to which runs refer. */
    static Set<String> names(Handle handle) {
        return handle
                .createQuery("select value from parameter where name = :name")
                .bind("name", FILED)
                .mapTo(String.class)
                .list()
                .stream()
                .map(words -> words.split(" ", 2)[0])
                .collect(Collectors.toSet());
    }
}
