package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.DaemonHere;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A started daemon, in a process of its own or in this one. */
interface DaemonLife {
    long pid();

    boolean isAlive();

    /** Ends it as SIGTERM does. */
    void end();

    /** Kills it as SIGKILL does. */
    void kill();

    /** Waits for its end and returns the exit code. */
    int awaitExit() throws InterruptedException;

    /** Returns its output on stderr until now. */
    String log();

    /** A daemon in a process of its own. */
    record Apart(Installation.Begun begun) implements DaemonLife {
        @Override
        public long pid() {
            return begun.process().pid();
        }

        @Override
        public boolean isAlive() {
            return begun.process().isAlive();
        }

        @Override
        public void end() {
            begun.process().destroy();
        }

        @Override
        public void kill() {
            begun.process().destroyForcibly();
        }

        @Override
        public int awaitExit() throws InterruptedException {
            assertThat(begun.process().waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(log())
                    .isTrue();
            return begun.process().exitValue();
        }

        @Override
        public String log() {
            return Installation.text(begun.err());
        }
    }

    /** A daemon in this JVM. It cannot be killed. */
    record Here(DaemonHere daemon, Path written) implements DaemonLife {
        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public boolean isAlive() {
            return daemon.isAlive();
        }

        @Override
        public void end() {
            daemon.end();
        }

        @Override
        public void kill() {
            throw new UnsupportedOperationException("only a process can be killed");
        }

        @Override
        public int awaitExit() throws InterruptedException {
            return daemon.awaitEnd(PATIENCE.multipliedBy(2));
        }

        @Override
        public String log() {
            return Installation.text(written);
        }
    }
}
