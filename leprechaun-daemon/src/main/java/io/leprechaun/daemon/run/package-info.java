/** One execution of a recipe: its states, its admission, its steps, its outcome, and the store it is kept in. */
@NullMarked
package io.leprechaun.daemon.run;

import org.jspecify.annotations.NullMarked;
