/** What a webhook must be for its recipe to run: who may send it, what it must say, and what of it the steps get. Knows no HTTP server: the same gate is passed without one. */
@NullMarked
package io.leprechaun.daemon.hook;

import org.jspecify.annotations.NullMarked;
