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
 * The operations of a change on the store. Statements are prepared once and kept: the few that every run needs are most
 * of the writer's work, and JDBI parses each one again. Not thread-safe: owned by the writer.
 */
final class Transaction {
    private final Handle handle;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    /** The statements that are executed once, however many changes of a transaction ask for them. */
    private final Map<String, Statement> last = new LinkedHashMap<>();

    private record Statement(String sql, @Nullable Object[] values) {}

    /** A function from a row to a value. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    Transaction(Handle handle) {
        this.handle = handle;
    }

    /** Returns the handle for queries of a change, after executing the deferred statements. */
    Handle handle() {
        finish();
        return handle;
    }

    /**
     * Executes a statement.
     *
     * @param values the values for its question marks: texts, numbers, bytes or null
     * @return the number of rows that it changed
     */
    int execute(String sql, @Nullable Object... values) {
        try {
            return prepared(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Finds a row that every change of a kind needs. Deferred statements are not executed before.
     *
     * @param values the values for the question marks
     * @return the reader's value for the first row, if there is one
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

    /** Executes the deferred statements. */
    void finish() {
        if (!last.isEmpty()) {
            last.values().forEach(statement -> execute(statement.sql(), statement.values()));
            last.clear();
        }
    }

    /** Discards the deferred statements: the transaction is rolled back. */
    void abandon() {
        last.clear();
    }
}
