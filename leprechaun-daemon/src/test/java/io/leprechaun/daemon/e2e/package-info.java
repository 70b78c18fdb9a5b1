/** End-to-end tests: the built programs as processes of their own, seen from outside only. */
@NullMarked
package io.leprechaun.daemon.e2e;

import org.jspecify.annotations.NullMarked;
