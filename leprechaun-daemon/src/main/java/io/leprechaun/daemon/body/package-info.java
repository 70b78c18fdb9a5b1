/**
 * The content of a request: the body of a hook, and the pairs of its query or form. Small bodies are in memory, larger
 * ones in files of the state folder.
 */
@NullMarked
package io.leprechaun.daemon.body;

import org.jspecify.annotations.NullMarked;
