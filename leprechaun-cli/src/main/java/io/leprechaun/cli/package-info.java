/**
 * The thin client: words in, bytes out, an exit code.
 *
 * <p>The client knows its own options ({@link OwnOptions}); the daemon parses all others. It sends GET, and POST where
 * the answer is 405 with {@code Allow: POST}. It copies the answer's bytes, and exits as the header
 * {@code Leprechaun-Exit} says. So a new command needs no new client, and the client reads no JSON. Completion asks the
 * client at each tab.
 *
 * <p>A verb that needs no daemon makes this process become {@code leprechaund offline}, by {@code execv}
 * ({@link ProgramReplacer}). The history does so, too, when no daemon answers.
 */
@NullMarked
package io.leprechaun.cli;

import org.jspecify.annotations.NullMarked;
