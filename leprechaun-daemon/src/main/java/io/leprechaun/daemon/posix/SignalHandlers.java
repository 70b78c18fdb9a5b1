package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * Handlers of signals that end or reload a daemon. The launcher blocks and ignores these signals. The kernel keeps a
 * blocked one, and the JVM, which would otherwise unblock it, does not touch one that is ignored. So none ends the
 * process before there are handlers.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only way to a signal. It is found by name, because the compiler warns at any
 * mention of it, and this warning cannot be disabled.
 */
public final class SignalHandlers {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int SIG_UNBLOCK = 1;
    private static final long SIGNAL_SET_SIZE = 128;

    private static final CFunction SIGNAL = CFunction.named("signal");
    private static final CFunction SIGMASK = CFunction.named("pthread_sigmask");
    /** A function that takes the number of a signal and does nothing. */
    private static final CFunction HARMLESS = CFunction.named("abs");

    private SignalHandlers() {}

    /**
     * Runs an action at each of these signals from now on, on threads of the JVM. Signals that came since the launcher
     * began count, too. The calling thread must live as long as the daemon: the kernel delivers them to it.
     *
     * @param actions the actions by signal: HUP, INT or TERM
     */
    public static void handle(Map<String, Runnable> actions) {
        try {
            for (var action : actions.entrySet()) {
                handle(action.getKey(), action.getValue());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot handle signals: start it without -Xrs", e);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signals = arena.allocate(SIGNAL_SET_SIZE, Long.BYTES);
            long bits = actions.keySet().stream()
                    .mapToLong(name -> 1L << NUMBERS.getOrDefault(name, 0) - 1)
                    .sum();
            signals.set(JAVA_LONG, 0, bits);
            SIGMASK.call(SIG_UNBLOCK, signals.address(), 0);
        }
    }

    private static void handle(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy = Proxy.newProxyInstance(
                handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        action.run();
                    }
                    return null;
                });
        Object named = signal.getConstructor(String.class).newInstance(name);
        var handle = signal.getMethod("handle", signal, handler);
        Object before = handle.invoke(null, named, proxy);
        if (handler.getField("SIG_IGN").get(null).equals(before)) { // the JVM handles no signal that is ignored
            SIGNAL.call(NUMBERS.getOrDefault(name, 0), HARMLESS.address());
            handle.invoke(null, named, proxy);
        }
    }
}
