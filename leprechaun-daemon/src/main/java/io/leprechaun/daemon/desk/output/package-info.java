/** The output of runs, as it is printed for users. */
@NullMarked
package io.leprechaun.daemon.desk.output;

import org.jspecify.annotations.NullMarked;
