/**
 * The rules for a webhook that triggers a recipe: its senders, its contents, and the parameters for the steps. Knows no
 * HTTP server: the same gate works without one.
 */
@NullMarked
package io.leprechaun.daemon.hook;

import org.jspecify.annotations.NullMarked;
