/** The only place that starts, knows and ends processes. */
@NullMarked
package io.leprechaun.daemon.process;

import org.jspecify.annotations.NullMarked;
