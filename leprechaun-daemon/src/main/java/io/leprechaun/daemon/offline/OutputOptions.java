package io.leprechaun.daemon.offline;

import io.leprechaun.api.text.Screen;

/**
 * The output options of an offline command.
 *
 * @param columns the width; 0: nothing is cut
 */
record OutputOptions(boolean json, boolean quiet, boolean color, int columns) {
    Screen screen() {
        return new Screen(columns == 0 ? Screen.UNBOUNDED : columns, color);
    }
}
