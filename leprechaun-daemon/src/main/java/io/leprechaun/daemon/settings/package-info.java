/** The daemon's settings, as they are read from configs/leprechaun.yml. */
@NullMarked
package io.leprechaun.daemon.settings;

import org.jspecify.annotations.NullMarked;
