package io.leprechaun.daemon.store;

import io.leprechaun.daemon.run.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Brings a store to this version's schema, one numbered script a step, each in one transaction: killed in the middle, the step did not happen. */
final class Migrations {
    /** The schema this version writes. A script {@code sqlite-N.sql} leads from N-1 to N. */
    static final int NEWEST = 5;

    private Migrations() {}

    /**
     * Migrates.
     *
     * @throws StoreException if the store was written by a newer version
     */
    static void run(Handle handle, Path file) {
        int version = version(handle);
        if (version > NEWEST) {
            throw new StoreException("the store " + file + " was written by a newer Leprechaun (schema " + version
                    + ", this one knows up to " + NEWEST
                    + "): install that version, or give this one another state folder");
        }
        for (int next = version + 1; next <= NEWEST; next++) {
            int number = next;
            handle.useTransaction(step -> {
                step.createScript(script(number)).execute();
                if (number == 1) {
                    step.execute(
                            "insert into store (identity) values (?)",
                            UUID.randomUUID().toString());
                }
                step.execute("pragma user_version = " + number);
            });
        }
    }

    /** How far a store is; 0: it has no tables yet. */
    static int version(Handle handle) {
        return handle.createQuery("pragma user_version").mapTo(Integer.class).one();
    }

    /** Without indents: the file keeps the text, and all of it should fit on its first page, which it cannot be read without anyway. */
    private static String script(int number) {
        String name = "sqlite-" + number + ".sql";
        try (InputStream script = Migrations.class.getResourceAsStream(name)) {
            if (script == null) {
                throw new IllegalStateException("the script " + name + " is not in the jar");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
