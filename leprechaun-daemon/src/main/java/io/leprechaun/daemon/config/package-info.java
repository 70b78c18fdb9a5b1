/** Settings: read once, everything wrong said at once with file, line and column. */
@NullMarked
package io.leprechaun.daemon.config;

import org.jspecify.annotations.NullMarked;
