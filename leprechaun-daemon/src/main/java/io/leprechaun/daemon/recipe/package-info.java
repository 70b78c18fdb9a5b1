/** A recipe, as values. */
@NullMarked
package io.leprechaun.daemon.recipe;

import org.jspecify.annotations.NullMarked;
