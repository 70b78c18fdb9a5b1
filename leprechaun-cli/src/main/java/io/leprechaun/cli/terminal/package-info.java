/** What the client knows of the terminal. */
@NullMarked
package io.leprechaun.cli.terminal;

import org.jspecify.annotations.NullMarked;
