/** The store of runs in SQL: SQLite, its writer, its migrations. */
@NullMarked
package io.leprechaun.daemon.store;

import org.jspecify.annotations.NullMarked;
