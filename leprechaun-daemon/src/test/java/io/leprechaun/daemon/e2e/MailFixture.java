package io.leprechaun.daemon.e2e;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.leprechaun.daemon.notify.delivery.SmtpServer;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The base of the tests of mail. */
abstract class MailFixture {
    @RegisterExtension
    final Installation place;

    MailFixture(Installation place) {
        this.place = place;
    }

    final List<AutoCloseable> servers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    GreenMail greenMail() {
        var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        servers.add(mail::stop);
        return mail;
    }

    SmtpServer server(SmtpServer server) {
        servers.add(server);
        return server;
    }

    void mailTo(int port) {
        place.settings("notify: { mail: { smtp: \"smtp://127.0.0.1:" + port
                + "\", from: leprechaun@example.org, to: ops@example.org } }");
    }

    /** Returns the subjects, without durations. */
    static List<String> subjects(GreenMail server) throws Exception {
        var subjects = new ArrayList<String>();
        for (MimeMessage mail : server.getReceivedMessages()) {
            subjects.add(
                    mail.getSubject().replaceFirst(", [0-9.]+ ?m?s\\)$", ")").replaceFirst(" \\([0-9.]+ ?m?s\\)$", ""));
        }
        return subjects;
    }

    /** Returns the plain text of a mail. */
    static String text(MimeMessage mail) throws Exception {
        var parts = (MimeMultipart) mail.getContent();
        return ((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n");
    }

    static String host() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    /** Starts a server that accepts every request; returns its port. */
    int http(BiConsumer<String, String> asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(() -> server.stop(0));
        server.createContext("/", exchange -> {
            asked.accept(
                    exchange.getRequestURI().toString(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server.getAddress().getPort();
    }
}
