/** The recipes in force: their folder, those of users, and what changes there. */
@NullMarked
package io.leprechaun.daemon.recipe.folder;

import org.jspecify.annotations.NullMarked;
