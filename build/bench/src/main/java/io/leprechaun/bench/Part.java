package io.leprechaun.bench;

import java.io.IOException;
import java.util.List;

/** A part of the benchmark, which yields rows of the table. */
interface Part {
    /** @throws LostException when a request did not have its effect */
    List<Row> measure(Lab lab) throws IOException, InterruptedException;
}
