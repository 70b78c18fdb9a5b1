/** What the client knows of the terminal, and what it lets through to it. */
@NullMarked
package io.leprechaun.cli.terminal;

import org.jspecify.annotations.NullMarked;
