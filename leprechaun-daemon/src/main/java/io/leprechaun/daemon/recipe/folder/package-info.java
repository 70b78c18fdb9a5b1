/** The recipes in force: their folder, the recipes of users, and the watcher of changes. */
@NullMarked
package io.leprechaun.daemon.recipe.folder;

import org.jspecify.annotations.NullMarked;
