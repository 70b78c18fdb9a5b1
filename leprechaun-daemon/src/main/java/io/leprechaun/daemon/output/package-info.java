/** The output of steps: the files that hold it, their size limits, and the secrets hidden in them. */
@NullMarked
package io.leprechaun.daemon.output;

import org.jspecify.annotations.NullMarked;
