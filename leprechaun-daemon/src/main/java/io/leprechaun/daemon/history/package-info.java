/**
 * The ports through which the history is written and read: runs, due instants, notices, the host's clock; and its
 * retention.
 *
 * <p>The store implements {@link RunStore}, {@link Ledger}, {@link Outbox}, {@link Archive} and {@link ClockLog}. Rules
 * of what is kept stand beside them as pure classes, and the store calls them in its transaction. {@link NoticePolicy}
 * decides on notices, {@link DueSeries} checks due instants, and {@link RunRules} the rows of runs.
 *
 * <p>{@link Ledger} has the instants until which each recipe is accounted for, and counts ends. {@code after} compares
 * these counts, because clocks are set and runs side by side end in another order than they began.
 *
 * <p>{@link Retention} runs two seconds after the end of a run, and each hour, on a thread of its own. It moves rows
 * into the table {@code removal}, 50 a change, oldest first. Then it removes their files, and gives pages back, a
 * megabyte at a time. It counts what it removes, by recipe and by due instant. So a check of the store finds a row that
 * a user removed and a due instant without a record. It uses the schedule of the text that the runs had.
 */
@NullMarked
package io.leprechaun.daemon.history;

import org.jspecify.annotations.NullMarked;
