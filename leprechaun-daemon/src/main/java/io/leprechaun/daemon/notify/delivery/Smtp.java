package io.leprechaun.daemon.notify.delivery;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/** Talks to a mail server in one conversation, and knows afterwards what the library's exceptions do not say. */
final class Smtp extends SMTPTransport {
    private final LimitedSocketFactory sockets;
    private final Duration verdict;
    private Optional<Duration> unanswered = Optional.empty();
    private boolean loginLeftOut;

    /** @param verdict how long the answer to the whole mail may take */
    Smtp(Session session, LimitedSocketFactory sockets, Duration verdict) {
        super(session, new URLName("smtp", null, -1, null, null, null));
        this.sockets = sockets;
        this.verdict = verdict;
    }

    @Override
    protected synchronized boolean protocolConnect(
            String host, int port, @Nullable String user, @Nullable String password) throws MessagingException {
        boolean connected = super.protocolConnect(host, port, user, password);
        loginLeftOut = connected && password != null && logins().isEmpty();
        return connected;
    }

    /** Says that the mail is whole, and waits longer than for other answers: some servers look into it first. */
    @Override
    protected void finishData() throws IOException, MessagingException {
        long begin = System.nanoTime();
        sockets.waitAtMost(verdict);
        try {
            super.finishData();
        } catch (MessagingException e) {
            if (getLastReturnCode() <= 0) { // it was said, and no reply came
                unanswered = Optional.of(Duration.ofNanos(System.nanoTime() - begin));
            }
            throw e;
        }
    }

    /** How long an answer to the whole mail was waited for in vain: nobody knows whether it was taken. */
    Optional<Duration> unanswered() {
        return unanswered;
    }

    /** The ways to log in that the server offers, separated by blanks; empty: none, or it did not come to that. */
    String logins() {
        String old = supportsExtension("AUTH=LOGIN") ? "LOGIN" : "";
        return Objects.requireNonNullElse(getExtensionParameter("AUTH"), old);
    }

    /** Whether it went on without a login that there is, because the server offers none. */
    boolean isLoginLeftOut() {
        return loginLeftOut;
    }
}
