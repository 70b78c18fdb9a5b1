package io.leprechaun.bench;

import java.io.IOException;
import java.util.List;

/** A part of the benchmark: some lines of the table. */
interface Part {
    /** @throws LostException when something that was asked for did not happen */
    List<Row> measure(Lab lab) throws IOException, InterruptedException;
}
