package io.leprechaun.daemon.lifecycle;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The factory of the classes of some packages that are named after commands: {@code hook replay} is
 * {@code HookReplayCommand}. The only constructor of such a class names the parts that it takes by their types. So a
 * new command is its class and nothing else.
 *
 * @param homes a class of each package, the first package with such a class counts
 * @param parts the parts for the constructors; no parameter may fit two of them
 */
public record Wiring(List<Class<?>> homes, List<Object> parts) {
    private static final String SUFFIX = "Command";

    public Wiring {
        homes = List.copyOf(homes);
        parts = List.copyOf(parts);
    }

    /**
     * Creates the command of a name.
     *
     * @param type the type of the command
     * @throws IllegalStateException when there is no such class, or not exactly one part for a parameter of its
     *     constructor
     */
    public <T> T make(String name, Class<T> type) {
        try {
            Class<?> command = find(className(name));
            Constructor<?> constructor = command.getDeclaredConstructors()[0];
            constructor.setAccessible(true); // it is of that package
            Object[] taken = Stream.of(constructor.getParameterTypes())
                    .map(wanted -> part(wanted, command.getName()))
                    .toArray();
            return type.cast(constructor.newInstance(taken));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no class for the command '" + name + "'", e);
        }
    }

    private Class<?> find(String className) throws ClassNotFoundException {
        for (Class<?> home : homes) {
            try {
                return Class.forName(home.getPackageName() + "." + className);
            } catch (ClassNotFoundException e) {
                // perhaps in the next package
            }
        }
        throw new ClassNotFoundException(className);
    }

    private static String className(String name) {
        var words = new StringBuilder();
        for (String word : name.split(" ", -1)) {
            words.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return words.append(SUFFIX).toString();
    }

    private Object part(Class<?> wanted, String className) {
        var found = parts.stream().filter(wanted::isInstance).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(
                    className + " needs one " + wanted.getSimpleName() + ", found " + found.size());
        }
        return found.getFirst();
    }
}
