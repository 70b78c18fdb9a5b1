/** The reader of a recipe from the text of its file. */
@NullMarked
package io.leprechaun.daemon.recipe.reader;

import org.jspecify.annotations.NullMarked;
