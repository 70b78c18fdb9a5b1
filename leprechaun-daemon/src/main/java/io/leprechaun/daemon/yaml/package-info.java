/** YAML files with the place of each value, and the errors found in them. */
@NullMarked
package io.leprechaun.daemon.yaml;

import org.jspecify.annotations.NullMarked;
