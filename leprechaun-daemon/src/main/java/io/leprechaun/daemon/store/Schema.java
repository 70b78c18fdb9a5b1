package io.leprechaun.daemon.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The descriptions of a store's tables and indexes. They may fill several pages of the file, and SQLite takes a store that has lost some of them for one that never had these tables. So
 * they are compared with those of a new store of the same version, which is made in memory. Scripts should only add columns: how SQLite words a renamed one may differ between its
 * versions.
 */
final class Schema {
    private Schema() {}

    /** @param text without blanks: they are as whoever wrote the script set them */
    private record Description(String type, String name, String text) {}

    /** A table or index of a store of that version that this one does not describe as it should. What else it has does no harm. */
    static Optional<String> lost(Handle handle, int version) {
        var found = descriptions(handle);
        try (Handle whole = Jdbi.open("jdbc:sqlite::memory:")) {
            Migrations.run(whole, version);
            return descriptions(whole).stream()
                    .filter(description -> !found.contains(description))
                    .map(description -> description.type() + " " + description.name())
                    .findFirst();
        }
    }

    private static List<Description> descriptions(Handle handle) {
        return handle.createQuery("select type, name, sql from sqlite_schema where sql is not null")
                .map((row, context) -> new Description(
                        row.getString("type"),
                        row.getString("name"),
                        row.getString("sql").replaceAll("\\s+", "")))
                .list();
    }
}
