/** The composition root: reads the command line, wires every part by hand, starts and stops them. */
@NullMarked
package io.leprechaun.daemon;

import org.jspecify.annotations.NullMarked;
