/** The values that make up a recipe. */
@NullMarked
package io.leprechaun.daemon.recipe;

import org.jspecify.annotations.NullMarked;
