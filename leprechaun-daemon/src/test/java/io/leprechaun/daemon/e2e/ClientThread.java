package io.leprechaun.daemon.e2e;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client in this JVM, in the form of a process. */
final class ClientThread extends Process {
    private final FutureTask<Integer> client;
    private final Thread thread;

    private ClientThread(Callable<Integer> client) {
        this.client = new FutureTask<>(client);
        thread = Thread.ofPlatform().daemon().name("client").start(this.client);
    }

    /** @param client the client, which returns its exit code */
    static Process begin(Callable<Integer> client) {
        return new ClientThread(client);
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return InputStream.nullInputStream();
    }

    @Override
    public int waitFor() throws InterruptedException {
        thread.join();
        return exitValue();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            client.get(timeout, unit);
            return true;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (TimeoutException _) {
            return false;
        }
    }

    @Override
    public int exitValue() {
        if (!client.isDone()) {
            throw new IllegalThreadStateException("the client works");
        }
        return client.state() == FutureTask.State.SUCCESS ? client.resultNow() : 137;
    }

    @Override
    public void destroy() {
        thread.interrupt();
    }
}
