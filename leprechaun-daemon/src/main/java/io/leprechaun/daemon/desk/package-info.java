/** What people ask about without naming an agent: the book of recipes and the history of runs. */
@NullMarked
package io.leprechaun.daemon.desk;

import org.jspecify.annotations.NullMarked;
