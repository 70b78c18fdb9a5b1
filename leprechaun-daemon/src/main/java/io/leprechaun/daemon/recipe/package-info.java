/** What a recipe is, how it is read from its file, and the folder it lives in. */
@NullMarked
package io.leprechaun.daemon.recipe;

import org.jspecify.annotations.NullMarked;
