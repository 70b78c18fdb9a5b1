/** The thin client: words in, bytes out, an exit code. */
@NullMarked
package io.leprechaun.cli;

import org.jspecify.annotations.NullMarked;
