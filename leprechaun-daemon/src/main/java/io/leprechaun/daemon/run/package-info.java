/** A run and its parts, as values: its cause, its input, its state, its steps and its outcome. */
@NullMarked
package io.leprechaun.daemon.run;

import org.jspecify.annotations.NullMarked;
