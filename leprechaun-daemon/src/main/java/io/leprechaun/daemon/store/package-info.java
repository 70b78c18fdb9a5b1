/**
 * The store of runs in SQL: SQLite, its writer, its migrations.
 *
 * <p>The store is one file, {@code leprechaun.db}, mode 0600, with a write-ahead log and {@code synchronous=FULL}.
 * {@link StoreFile} creates and opens it. {@link Writer} is the only thread that changes it, {@link Readers} are two
 * that read. {@link SqliteStore}, {@link SqliteLedger}, {@link SqliteOutbox}, {@link SqliteArchive} and
 * {@link SqliteClockLog} implement the ports of {@code history}. {@link RunMapper} maps runs to rows, {@link Queries}
 * finds them.
 *
 * <ul>
 *   <li>{@code run}, {@code attempt} (each but the last) and {@code step_run}; {@code parameter} and {@code body} for
 *       the input.
 *   <li>{@code recipe}: last run and outcome, number and size of its runs, pause; {@code recipe_version}: each accepted
 *       text, by hash.
 *   <li>{@code due}: the accounted instants, the anchors of intervals, and the newest record if it is a refusal.
 *   <li>{@code watched}: since when due instants are watched for; {@code clock}: each start and change of the clock.
 *   <li>{@code notice}: the outbox; {@code delivery}: ids and signed bodies by which a repeated delivery is known.
 *   <li>{@code removal}: files to be removed; {@code store}: the identity of the store.
 * </ul>
 *
 * <p>Numbers of runs are never used again. Equal refusals in a row are one row with first, last and count. Output is
 * files, never rows.
 *
 * <h2>Writing</h2>
 *
 * <p>All waiting changes are one transaction and one flush. Statements that many changes of it would repeat run once,
 * at its end. When a transaction fails because of one change, its changes are tried one by one, and only that one is
 * refused. A failed flush is never repeated: the kernel may have dropped the pages, and would report success. The
 * writer then keeps nothing more. The connection is not even closed, because closing flushes. The next start may find
 * changes that were refused then, as after any crash.
 *
 * <p>With less than 4 MiB left, or a sixteenth of a small disk, new work is refused before it is tried. Ends and starts
 * continue from the {@link Reserve}: 4 MiB of free pages in the file, and a log that is long from the beginning.
 * Neither needs a block of the disk. The reserve is taken again when there is space.
 *
 * <h2>Damage</h2>
 *
 * <p>{@link WriteAheadLog} looks for commits behind a broken frame before SQLite opens the log. SQLite would take that
 * frame for a torn end and forget them. The last commit alone cannot be distinguished from a torn one. A store of up to
 * 8 MiB is checked ({@code integrity_check}) before the start goes on, a larger one a minute later. {@link Schema}
 * compares tables and indexes with those of a new store in memory, at each opening and before a migration. Rows of
 * runs, steps and bodies have a {@link Checksum}, compared at each reading. A file without tables is refused. A new
 * store gets its name only when it is complete and on disk.
 *
 * <p>Lists are unions of the newest runs of each final state, by {@code run_by_state} or {@code run_by_recipe}, and of
 * {@code run_unfinished}. The two large indexes omit unfinished runs. So accepting a run writes three pages, and
 * starting it one. A long list is read a thousand runs at a time while it is written.
 *
 * <p>{@code verify}, {@code backup} and the history without a daemon open the file with a read-only connection. They
 * see one moment, delay no other program, take no lock, and need the schema of this version. {@link Backup} uses
 * {@code VACUUM INTO} in the caller's own program, as that user. So the daemon writes to no path that a user names.
 *
 * <p>{@link Migrations} are numbered scripts, each one transaction. {@code pragma user_version} is the version of a
 * store, {@link Migrations#NEWEST} that of this program. A newer store is refused, and so is another program's file, by
 * {@code application_id}. {@code auto_vacuum} and other settings of a new file are set before the first table.
 */
@NullMarked
package io.leprechaun.daemon.store;

import org.jspecify.annotations.NullMarked;
