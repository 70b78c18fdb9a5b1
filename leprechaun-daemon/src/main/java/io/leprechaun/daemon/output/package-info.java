/** What steps print: the files that hold it, their bounds in size, and the secrets hidden in them. */
@NullMarked
package io.leprechaun.daemon.output;

import org.jspecify.annotations.NullMarked;
