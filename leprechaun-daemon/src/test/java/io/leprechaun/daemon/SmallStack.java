package io.leprechaun.daemon;

import java.util.concurrent.FutureTask;

/** A thread with a small stack, in which any recursion over a long text overflows. */
public final class SmallStack {
    private SmallStack() {}

    /** The work of the thread. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Runs work to its end in a thread with this many bytes of stack. */
    public static void run(long stack, Work work) throws Exception {
        var task = new FutureTask<Void>(() -> {
            work.run();
            return null;
        });
        new Thread(null, task, "small-stack", stack).start();
        task.get();
    }
}
