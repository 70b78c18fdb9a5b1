/** The rows of the table of keys: name, reading and meaning of each key of a recipe or a setting. */
@NullMarked
package io.leprechaun.daemon.keys;

import org.jspecify.annotations.NullMarked;
