/** A run and its parts, as values: how it came about, what it was given, its state, its steps and its outcome. */
@NullMarked
package io.leprechaun.daemon.run;

import org.jspecify.annotations.NullMarked;
