/** The verbs that need no daemon. */
@NullMarked
package io.leprechaun.daemon.offline;

import org.jspecify.annotations.NullMarked;
