/**
 * Text for users: tables, facts and styles, and its only writer to a terminal.
 *
 * <p>Output of a step must not control its reader's terminal. So {@link TerminalOutput} passes text and listed colours,
 * and escapes all other control bytes. Own words beside output begin on a new line, in the terminal's own style.
 */
@NullMarked
package io.leprechaun.api.text;

import org.jspecify.annotations.NullMarked;
