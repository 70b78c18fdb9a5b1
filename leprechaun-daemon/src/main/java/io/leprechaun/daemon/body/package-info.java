/** What a request brings: the body of a hook, small ones in memory and larger ones in files of the state folder, and the pairs of its query or form. */
@NullMarked
package io.leprechaun.daemon.body;

import org.jspecify.annotations.NullMarked;
