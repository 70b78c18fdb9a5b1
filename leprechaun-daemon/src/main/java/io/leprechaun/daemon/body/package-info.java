/** The body of a hook: small ones in memory, larger ones in files of the state folder. */
@NullMarked
package io.leprechaun.daemon.body;

import org.jspecify.annotations.NullMarked;
