package io.leprechaun.daemon;

import java.util.concurrent.FutureTask;

/** A thread with little stack, in which whatever recurses on a long text overflows. */
public final class SmallStack {
    private SmallStack() {}

    /** What to do there. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Does something in a thread with so many bytes of stack, to its end. */
    public static void run(long stack, Work work) throws Exception {
        var task = new FutureTask<Void>(() -> {
            work.run();
            return null;
        });
        new Thread(null, task, "small-stack", stack).start();
        task.get();
    }
}
