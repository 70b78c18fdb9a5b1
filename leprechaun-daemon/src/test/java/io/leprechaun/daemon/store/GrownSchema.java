package io.leprechaun.daemon.store;

import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A store whose schema has grown over several pages, as a later version's may. */
public final class GrownSchema {
    private GrownSchema() {}

    /**
     * Adds tables to a store that no process has opened, until its schema fills a few pages, and leaves a few free
     * pages behind.
     */
    public static void grow(Path store) {
        Jdbi.create("jdbc:sqlite:" + store).useHandle(handle -> {
            for (int i = 0; pages(handle).size() < 4; i++) {
                handle.execute("create table later_%d (%s text) strict".formatted(i, "a_long_name_".repeat(40)));
            }
            handle.execute("insert into reserve (filler) values (zeroblob(40000))");
            handle.execute("delete from reserve");
        });
    }

    /** Returns the numbers of the pages of a store's schema except the first page of the file. */
    public static List<Integer> pages(Path store) {
        return Jdbi.create("jdbc:sqlite:" + store).withHandle(GrownSchema::pages);
    }

    private static List<Integer> pages(Handle handle) {
        return handle.createQuery("select pageno from dbstat where name = 'sqlite_schema' and pageno > 1")
                .mapTo(Integer.class)
                .list();
    }
}
