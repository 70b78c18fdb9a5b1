package io.leprechaun.daemon.posix;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** SIGHUP, by which administrators ask daemons to read their files anew. */
public final class Hangup {
    private Hangup() {}

    /**
     * Has something done at each SIGHUP from now on, on a thread of the JVM's; without it the signal ends the process.
     *
     * <p>{@code sun.misc.Signal} is the JDK's only way to a signal. It is found by name, because the compiler warns at any mention of it and cannot be told not to.
     */
    public static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            Object hangup = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangup, proxy);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("this JVM cannot handle SIGHUP", e);
        }
    }
}
