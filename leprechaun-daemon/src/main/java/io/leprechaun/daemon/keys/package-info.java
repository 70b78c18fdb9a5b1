/** The rows of the table of keys: what a key of a recipe or a setting is called, how it is read, and what it means. */
@NullMarked
package io.leprechaun.daemon.keys;

import org.jspecify.annotations.NullMarked;
