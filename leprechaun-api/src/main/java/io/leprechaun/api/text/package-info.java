/** Text for people: tables, facts and styles, and the one writer of it to a terminal. */
@NullMarked
package io.leprechaun.api.text;

import org.jspecify.annotations.NullMarked;
