/**
 * The recipes in force: their folder, the recipes of users, and the watcher of changes.
 *
 * <p>{@link RecipeFolder} takes a file when two looks at the folder agree. {@link RecipeWatcher} looks when the system
 * reports a change, and every 30 seconds: links and network folders report none. A file that does not load keeps its
 * last good version. A missing or unreadable folder changes nothing. An empty one counts if that very directory had
 * recipes before, or after {@code daemon reload}.
 */
@NullMarked
package io.leprechaun.daemon.recipe.folder;

import org.jspecify.annotations.NullMarked;
