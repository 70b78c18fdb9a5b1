/** The few system calls that Java does not offer, through the foreign function interface. Knows nothing of runs. */
@NullMarked
package io.leprechaun.daemon.posix;

import org.jspecify.annotations.NullMarked;
