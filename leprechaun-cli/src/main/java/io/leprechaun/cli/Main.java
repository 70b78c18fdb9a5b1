package io.leprechaun.cli;

import io.leprechaun.cli.client.Daemon;
import io.leprechaun.cli.terminal.LinuxTerminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;

/** Starts the client. */
public final class Main {
    private Main() {}

    /** Does what the words say and exits with its code. */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("warm-up").start(Daemon::warmUp);
        // Not System.out: it hides that nobody reads any more, and would be one more buffer between the daemon and the
        // screen.
        var terminal = new LinuxTerminal();
        var console = new Console(
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), terminal);
        var leprechaun = new Leprechaun(Host.current(), terminal, console, new Exec());
        Runtime.getRuntime().addShutdownHook(new Thread(leprechaun::interrupted, "farewell"));
        int code = leprechaun.run(List.of(args));
        Runtime.getRuntime()
                .halt(code); // all is written; to exit in order would look for loggers and run the hook first
    }
}
