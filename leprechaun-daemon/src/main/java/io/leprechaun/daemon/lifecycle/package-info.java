/** Parts that are opened and closed in order, and the only source of threads. */
@NullMarked
package io.leprechaun.daemon.lifecycle;

import org.jspecify.annotations.NullMarked;
