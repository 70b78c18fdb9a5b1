/** The parts that commands share: to find, start, await and report recipes, runs and agents. */
@NullMarked
package io.leprechaun.daemon.desk;

import org.jspecify.annotations.NullMarked;
