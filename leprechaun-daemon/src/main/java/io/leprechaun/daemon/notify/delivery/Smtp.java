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

/**
 * The client of one conversation with a mail server. Afterwards it has the facts that the library's exceptions lack.
 */
final class Smtp extends SMTPTransport {
    private final LimitedSocketFactory sockets;
    private final Duration verdict;
    private Optional<Duration> unanswered = Optional.empty();
    private boolean loginLeftOut;

    /** @param verdict the time that the answer to the whole mail may take */
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

    /** Sends the end of the mail, and waits longer than for other answers: some servers examine the mail first. */
    @Override
    protected void finishData() throws IOException, MessagingException {
        long begin = System.nanoTime();
        sockets.waitAtMost(verdict);
        try {
            super.finishData();
        } catch (MessagingException e) {
            if (getLastReturnCode() <= 0) { // the end was sent, and no reply came
                unanswered = Optional.of(Duration.ofNanos(System.nanoTime() - begin));
            }
            throw e;
        }
    }

    /** Returns the time of a vain wait for the answer to the whole mail: it is unknown whether the mail was taken. */
    Optional<Duration> unanswered() {
        return unanswered;
    }

    /**
     * Returns the login mechanisms that the server offers, separated by blanks; empty: none, or the conversation did
     * not come to that.
     */
    String logins() {
        String old = supportsExtension("AUTH=LOGIN") ? "LOGIN" : "";
        return Objects.requireNonNullElse(getExtensionParameter("AUTH"), old);
    }

    /** Returns whether the login of the settings was left out, because the server offers none. */
    boolean isLoginLeftOut() {
        return loginLeftOut;
    }
}
