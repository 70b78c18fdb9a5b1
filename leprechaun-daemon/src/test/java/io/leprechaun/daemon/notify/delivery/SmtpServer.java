package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.lifecycle.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BinaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server on loopback whose behaviour a test decides, right or wrong. */
public final class SmtpServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private volatile Talk talk;

    /** The server's side of one connection; the socket is closed afterwards. */
    @FunctionalInterface
    public interface Talk {
        void on(Socket socket) throws IOException;
    }

    /** Creates a server that takes every mail. */
    public SmtpServer() {
        this(Optional.empty());
    }

    public SmtpServer(Talk talk) {
        this(Optional.of(talk));
    }

    private SmtpServer(Optional<Talk> talk) {
        this.talk = talk.orElseGet(this::obedient);
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Threads.virtual("smtp-server", this::accept).start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Sets the talk from the next connection on. */
    public void talk(Talk next) {
        talk = next;
    }

    /** Returns the commands that the server got, from obedient talks. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /** Returns the number of open connections. */
    int connections() {
        return open.size();
    }

    /** Returns the mails that the server took, from obedient talks. */
    public List<String> taken() {
        return taken;
    }

    /** Sends nothing, ever. */
    public static void silent(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // goes on listening
        }
    }

    /** Sends one byte every 50 ms: never silent for long, never done. */
    public static void drip(Socket socket) throws IOException {
        try {
            while (true) {
                socket.getOutputStream().write('2');
                Thread.sleep(50); // the server's pace, nothing that a test waits for
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends bytes without end, and no end of a line. */
    public static void flood(Socket socket) throws IOException {
        byte[] noise = "2".repeat(8192).getBytes(StandardCharsets.US_ASCII);
        while (true) {
            socket.getOutputStream().write(noise);
        }
    }

    /** Returns a talk that passes everything to another server and back. */
    public static Talk forward(int port) {
        return socket -> {
            try (var behind = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Threads.virtual("smtp-answers", () -> copy(behind, socket)).start();
                copy(socket, behind);
            }
        };
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one side is gone
        }
    }

    /** Returns a regular SMTP talk that takes every mail. */
    public Talk obedient() {
        return obedient((command, usual) -> usual);
    }

    /**
     * Returns a regular SMTP talk that takes every mail, but only after STARTTLS.
     *
     * @param tls the context with the server's certificate
     */
    public Talk protectedBy(SSLContext tls) {
        return socket -> {
            var in = reader(socket);
            say(socket, "220 ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                heard.add(line);
                say(socket, line.startsWith("EHLO") ? "250-ready\r\n250 STARTTLS" : "220 go on");
                if (line.equals("STARTTLS")) {
                    try (var inner = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, false)) {
                        converse(inner, (command, usual) -> usual);
                    }
                    return;
                }
            }
        };
    }

    /**
     * Returns a regular SMTP talk with answers of the test.
     *
     * @param answers the answer to a command, or to a mail's text, given the usual one; empty to hang up instead
     */
    public Talk obedient(BinaryOperator<String> answers) {
        return socket -> {
            say(socket, "220 ready");
            converse(socket, answers);
        };
    }

    private void converse(Socket socket, BinaryOperator<String> answers) throws IOException {
        var in = reader(socket);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            heard.add(line);
            String answer = answers.apply(line, usual(line));
            if (answer.isEmpty()) {
                return;
            }
            say(socket, answer);
            if (answer.startsWith("354")) {
                String mail = text(in);
                String verdict = answers.apply(mail, "250 taken");
                if (verdict.isEmpty() || verdict.startsWith("250")) {
                    taken.add(mail);
                }
                if (verdict.isEmpty()) {
                    return;
                }
                say(socket, verdict);
            }
        }
    }

    private static String usual(String command) {
        return switch (command.split(" ", 2)[0]) {
            case "EHLO" -> "250-ready\r\n250 AUTH PLAIN LOGIN";
            case "AUTH" -> "235 welcome";
            case "DATA" -> "354 go on";
            case "QUIT" -> "221 bye";
            default -> "250 ok";
        };
    }

    private static String text(BufferedReader in) throws IOException {
        var mail = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            mail.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        return mail.toString();
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static void say(Socket socket, String line) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Talk now = talk;
                Threads.virtual("smtp-talk", () -> serve(now, socket)).start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Talk now, Socket socket) {
        try (socket) {
            now.on(socket);
        } catch (IOException e) {
            // the client is gone
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
