/** Text for users: tables, facts and styles, and its only writer to a terminal. */
@NullMarked
package io.leprechaun.api.text;

import org.jspecify.annotations.NullMarked;
