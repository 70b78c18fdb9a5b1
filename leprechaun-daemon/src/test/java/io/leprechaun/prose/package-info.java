/** Holds the language of comments and pages. */
@NullMarked
package io.leprechaun.prose;

import org.jspecify.annotations.NullMarked;
