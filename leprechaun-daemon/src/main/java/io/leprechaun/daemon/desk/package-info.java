/** What commands share: how recipes, runs and agents are found, started, waited for and reported. */
@NullMarked
package io.leprechaun.daemon.desk;

import org.jspecify.annotations.NullMarked;
