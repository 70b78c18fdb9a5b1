package io.leprechaun.cli;

import io.leprechaun.cli.client.Daemon;
import io.leprechaun.cli.terminal.LinuxTerminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;

/** The entry point of the client. */
public final class Main {
    private Main() {}

    /** Runs the command in the words and exits with its code. */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("warm-up").start(Daemon::warmUp);
        // Not System.out: it hides that the reader is gone, and would be one more buffer between the daemon and the
        // screen.
        var terminal = new LinuxTerminal();
        var console = new Console(
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), terminal);
        var leprechaun = new Leprechaun(Host.current(), terminal, console, new Exec());
        Runtime.getRuntime().addShutdownHook(new Thread(leprechaun::interrupted, "farewell"));
        int code = leprechaun.run(List.of(args));
        Runtime.getRuntime().halt(code); // all is written; a regular exit would look for loggers and run the hook first
    }
}
