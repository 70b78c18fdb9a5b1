package io.leprechaun.api.text;

/**
 * The screen, file or pipe that a text is shown on.
 *
 * @param columns the width in cells, at least 20; {@link #UNBOUNDED} where nothing is cut
 * @param color whether it shows colours
 */
public record Screen(int columns, boolean color) {
    /** The width of a file or pipe. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** A file or a pipe: never cut, never coloured. */
    public static final Screen PLAIN = new Screen(UNBOUNDED, false);
}
