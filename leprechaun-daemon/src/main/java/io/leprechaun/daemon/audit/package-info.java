/**
 * The record of the changes that users and programs made through the API.
 *
 * <p>{@link ChangeLog} adds a line of JSON to {@code STATE/access/changes.jsonl} for each, and flushes it. Beyond 8 MiB
 * the file is renamed; seven earlier ones are kept.
 */
@NullMarked
package io.leprechaun.daemon.audit;

import org.jspecify.annotations.NullMarked;
