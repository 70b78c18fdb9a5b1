/** Runs as documents, tables and sentences. */
@NullMarked
package io.leprechaun.daemon.view;

import org.jspecify.annotations.NullMarked;
