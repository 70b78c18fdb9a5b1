package io.leprechaun.daemon.store;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The descriptions of a store's tables and indexes. They may fill several pages of the file. If some are lost, SQLite
 * acts as if these tables had never existed. So they are compared with those of a new store of the same version in
 * memory. This is skipped if their checksum is that of the newest version, as making a store takes a tenth of a start.
 * Scripts should only add columns: the text that SQLite writes for a renamed one may differ between its versions.
 */
final class Schema {
    /**
     * The {@linkplain #checksum checksum} of a store of the newest version; a test reports the new value when a script
     * is added.
     */
    static final long NEWEST = 1634539544L;

    private Schema() {}

    /** @param text the text without blanks, as their number depends only on the author of the script */
    private record Description(String type, String name, String text) {}

    /**
     * Returns a table or index of that version that this store does not describe correctly. Additional ones are
     * harmless.
     */
    static Optional<String> lost(Handle handle, int version) {
        var found = descriptions(handle);
        if (version == Migrations.NEWEST && checksum(found) == NEWEST) {
            return Optional.empty();
        }
        try (Handle whole = Jdbi.open("jdbc:sqlite::memory:")) {
            Migrations.run(whole, version);
            return descriptions(whole).stream()
                    .filter(description -> !found.contains(description))
                    .map(description -> description.type() + " " + description.name())
                    .findFirst();
        }
    }

    /** Returns the checksum of all descriptions of a store. */
    static long checksum(Handle handle) {
        return checksum(descriptions(handle));
    }

    private static long checksum(List<Description> all) {
        return Checksum.of(all.stream()
                .flatMap(description -> Stream.of(description.type(), description.name(), description.text()))
                .toArray());
    }

    private static List<Description> descriptions(Handle handle) {
        return handle.createQuery("""
            select type, name, replace(replace(replace(sql, ' ', ''), char(9), ''), char(10), '') as text
            from sqlite_schema where sql is not null order by type, name\
            """)
                .map((row, context) ->
                        new Description(row.getString("type"), row.getString("name"), row.getString("text")))
                .list();
    }
}
