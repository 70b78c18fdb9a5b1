package io.leprechaun.daemon.process;

/** The failure to start a process. The message is one sentence with the command and the reason. */
public final class SpawnException extends Exception {
    static final int NOT_RUNNABLE = 126;
    static final int NOT_FOUND = 127;

    private static final long serialVersionUID = 1;
    private static final int LONGEST_NAME = 100;

    private final int code;

    SpawnException(String message, int code) {
        super(message);
        this.code = code;
    }

    static SpawnException notFound(ProcessSpec spec, String reason) {
        return new SpawnException("cannot run %s: %s".formatted(name(spec), reason), NOT_FOUND);
    }

    static SpawnException notRunnable(ProcessSpec spec, String reason) {
        return new SpawnException("cannot run %s: %s".formatted(name(spec), reason), NOT_RUNNABLE);
    }

    /** Returns the exit code that shells use for the same failure: 127 for not found, 126 for everything else. */
    public int code() {
        return code;
    }

    /** Returns the command's first word alone: its arguments may hold secrets. */
    static String name(ProcessSpec spec) {
        String name = spec.argv().getFirst().replace('\0', '?');
        return name.length() <= LONGEST_NAME ? "'" + name + "'" : "'" + name.substring(0, LONGEST_NAME) + "…'";
    }
}
