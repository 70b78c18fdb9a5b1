/**
 * YAML files with the place of each value, and the errors found in them.
 *
 * <p>{@link YamlParser} reads SnakeYAML's events, before YAML gives a scalar a meaning. So {@code on}, {@code 12:30}
 * and {@code 0755} stay text. A lone {@code !} before a step, a tag in YAML, is still visible. Anchors, aliases, tags
 * and duplicate keys are refused; size and depth are bounded. {@link MappingReader} reads the keys of one map. It
 * reports each key that was not read, with the nearest known one. {@link Problems} collects errors, so that all are
 * reported at once; of one file it keeps the first 100.
 */
@NullMarked
package io.leprechaun.daemon.yaml;

import org.jspecify.annotations.NullMarked;
