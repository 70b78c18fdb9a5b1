/** The only package that starts, tracks and ends processes. */
@NullMarked
package io.leprechaun.daemon.process;

import org.jspecify.annotations.NullMarked;
