package io.leprechaun.cli.terminal;

/** The terminal that the client was started on. */
public interface Terminal {
    /** The descriptor of standard output. */
    int OUT = 1;

    /** The descriptor of standard error. */
    int ERR = 2;

    /** Returns whether a descriptor is a terminal. */
    boolean is(int descriptor);

    /** Returns the terminal's width in cells; 0 when it is unknown. */
    int columns();
}
