package io.leprechaun.cli.terminal;

/** What is known of the terminal that the client was started on. */
public interface Terminal {
    /** Standard output's descriptor. */
    int OUT = 1;

    /** Standard error's descriptor. */
    int ERR = 2;

    /** Whether a descriptor is a terminal. */
    boolean is(int descriptor);

    /** Its width in cells, 0 when it does not say. */
    int columns();
}
