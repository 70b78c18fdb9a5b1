/** The client's terminal: its presence and its width. */
@NullMarked
package io.leprechaun.cli.terminal;

import org.jspecify.annotations.NullMarked;
