package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.StoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a change may do to the store. Statements are prepared once and kept: the few that every run needs are most of the writer's work, and JDBI takes each apart anew. Not thread-safe: the
 * writer's own.
 */
final class Transaction {
    private final Handle handle;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    /** What is to be written once, however many changes of a transaction say it. */
    private final Map<String, Statement> last = new LinkedHashMap<>();

    private record Statement(String sql, @Nullable Object[] values) {}

    /** Makes something of a row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    Transaction(Handle handle) {
        this.handle = handle;
    }

    /** For what a change must know first. */
    Handle handle() {
        finish();
        return handle;
    }

    /**
     * Executes a statement.
     *
     * @param values for its question marks: texts, numbers, bytes or null
     */
    void execute(String sql, @Nullable Object... values) {
        try {
            prepared(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * What every change of a kind must know first. What was left for the end is not in it.
     *
     * @param values for the question marks
     * @return what the reader makes of the first row, if there is one
     */
    <T> Optional<T> find(String sql, RowReader<T> reader, @Nullable Object... values) {
        try (ResultSet rows = prepared(sql, values).executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        } catch (SQLException e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        }
    }

    private PreparedStatement prepared(String sql, @Nullable Object[] values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = handle.getConnection().prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** Executes a statement at the end of the transaction, unless a later change gives another one for the same key. */
    void executeLast(String key, String sql, @Nullable Object... values) {
        last.put(key, new Statement(sql, values));
    }

    /** Executes what was left for the end. */
    void finish() {
        if (!last.isEmpty()) {
            last.values().forEach(statement -> execute(statement.sql(), statement.values()));
            last.clear();
        }
    }

    /** Forgets what was left for the end: the transaction is taken back. */
    void abandon() {
        last.clear();
    }
}
