package io.leprechaun.daemon.recipe;

import java.nio.file.Path;

/**
 * Where a recipe comes from.
 *
 * @param file the file it was read from
 * @param text the whole file
 * @param hash SHA-256 of the text in lower-case hexadecimal: the recipe's version
 */
public record Origin(Path file, String text, String hash) {}
