/** Values as users write them: durations, sizes, addresses, networks, patterns. */
@NullMarked
package io.leprechaun.daemon.units;

import org.jspecify.annotations.NullMarked;
