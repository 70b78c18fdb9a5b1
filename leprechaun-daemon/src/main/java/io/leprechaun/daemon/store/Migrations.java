package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionException;

/**
 * The migrations of a store to this version's schema. Each step is one numbered script in one transaction: a step that
 * is interrupted has no effect.
 */
final class Migrations {
    /** The version of the schema that this program writes. A script {@code sqlite-N.sql} leads from N-1 to N. */
    static final int NEWEST = 6;

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
                    + ", this version reads up to " + NEWEST
                    + "): install the newer version, or use another state folder");
        }
        run(handle, NEWEST);
    }

    /** Migrates up to a version. */
    static void run(Handle handle, int newest) {
        for (int next = version(handle) + 1; next <= newest; next++) {
            int number = next;
            handle.useTransaction(step -> {
                execute(step, script(number));
                step.execute("pragma user_version = " + number);
            });
        }
    }

    /** Executes by SQLite itself, which accepts a whole script. */
    private static void execute(Handle step, String script) {
        try (var statement = step.getConnection().createStatement()) {
            statement.executeUpdate(script);
        } catch (SQLException e) {
            throw new TransactionException(e);
        }
    }

    /** Returns the version of a store's schema; 0: it has no tables yet. */
    static int version(Handle handle) {
        return handle.createQuery("pragma user_version").mapTo(Integer.class).one();
    }

    /** Returns a script without indents, as the store's file keeps the text. */
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
