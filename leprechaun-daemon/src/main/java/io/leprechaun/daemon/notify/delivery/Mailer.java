package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.Message;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.notify.Notifier;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.MailSettings;
import io.leprechaun.daemon.settings.notify.MailSettings.Security;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.StreamProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender of notices by SMTP, one mail to all recipients. A mail counts as sent once the server has taken it for one
 * of them; the refused recipients are returned. Every mail of a notice has the same Message-ID. So a mail that is sent
 * twice, because the server's answer was lost, can be distinguished from two mails. One thread sends; any thread may
 * close.
 */
public final class Mailer implements Notifier.Sender {
    private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);

    private final MailSettings settings;
    private final Function<RecipeName, List<String>> own;
    private final MessageWriter writer;
    private final InstantSource clock;
    private final Alarms alarms;
    private final SmtpTimeouts limits;
    /** True once the log has the warning that a login is set and none offered. */
    private boolean loginLogged;

    private volatile @Nullable LimitedSocketFactory current;
    private volatile boolean closed;

    /** The longest time that a mail is tried for only the recipients that were refused for now (RFC 5321, 4.5.4.1). */
    private static final Duration LONGEST_LEFT = Duration.ofDays(5);

    /**
     * The limits on the server's time. The look-up of its address has the limits of the host's resolver.
     *
     * @param connect the limit on the connect, at least a millisecond
     * @param answer the limit on the greeting and each answer, at least a millisecond
     * @param verdict the limit on the answer to the whole mail, at least a millisecond
     * @param sockets the limit on all of it
     */
    public record SmtpTimeouts(Duration connect, Duration answer, Duration verdict, Duration sockets) {
        /** The usual limits, after RFC 5321, 4.5.3.2. */
        static final SmtpTimeouts USUAL = new SmtpTimeouts(
                Duration.ofSeconds(20), Duration.ofMinutes(5), Duration.ofMinutes(10), Notifier.LONGEST_SENDING);
    }

    /**
     * Creates a mailer for these settings.
     *
     * @param own the recipients that a recipe itself names
     */
    public Mailer(
            MailSettings settings,
            Function<RecipeName, List<String>> own,
            MessageWriter writer,
            InstantSource clock,
            Alarms alarms) {
        this(settings, own, writer, clock, alarms, SmtpTimeouts.USUAL);
    }

    public Mailer(
            MailSettings settings,
            Function<RecipeName, List<String>> own,
            MessageWriter writer,
            InstantSource clock,
            Alarms alarms,
            SmtpTimeouts limits) {
        this.settings = settings;
        this.own = own;
        this.writer = writer;
        this.clock = clock;
        this.alarms = alarms;
        this.limits = limits;
    }

    /**
     * The session of all mails, for one mail at a time. A new session would read files of the program again, which may
     * be gone by then.
     */
    private static final class Shared {
        static {
            // without this each part of a mail has the provider looked for again
            System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
        }

        static final Session SESSION = Session.getInstance(new Properties());
        static final ReentrantLock LOCK = new ReentrantLock();
    }

    /**
     * Opens all files of the program that mails need.
     *
     * @throws IOException when one of them cannot be opened
     */
    public static void prepare() throws IOException {
        try {
            Shared.SESSION.getTransport("smtp");
            var message =
                    new Mail(Shared.SESSION, "<nobody@localhost>"); // else the network is asked for this host's name
            message.setContent(new MimeMultipart("alternative", part("x", "plain"), part("x", "html")));
            message.saveChanges();
            message.writeTo(OutputStream.nullOutputStream());
        } catch (MessagingException e) {
            throw new IOException(e);
        }
    }

    @Override
    public List<Outbox.Refusal> send(List<Notice> notices) throws NotSentException {
        if (audience(notices.getFirst()).isEmpty()) {
            LOG.info(
                    "{} is not sent to its remaining addresses: they are no longer in the settings",
                    notices.getFirst().name());
            return List.of();
        }
        try {
            if (!Shared.LOCK.tryLock(limits.connect().toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy(new IOException("busy"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy(e);
        }
        try {
            return converse(notices);
        } finally {
            Shared.LOCK.unlock();
        }
    }

    private String where() {
        return settings.host() + ":" + settings.port();
    }

    private NotSentException busy(Exception e) {
        return new NotSentException(SendFault.SERVER, where() + ": the previous mail has no answer yet", e);
    }

    private List<Outbox.Refusal> converse(List<Notice> notices) throws NotSentException {
        var sockets = new LimitedSocketFactory();
        current = sockets;
        if (closed) {
            sockets.end();
        }
        var alarm = alarms.in(limits.sockets(), sockets::expire);
        Properties properties = Shared.SESSION.getProperties();
        properties.clear();
        properties.putAll(properties(sockets));
        var transport = new Smtp(Shared.SESSION, sockets, limits.verdict());
        try {
            return converse(notices, transport, sockets);
        } finally {
            quit(transport);
            alarm.cancel();
            sockets.end();
        }
    }

    private static void quit(Smtp transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            // the outcome of the mail is known
        }
    }

    private List<Outbox.Refusal> converse(List<Notice> notices, Smtp transport, LimitedSocketFactory sockets)
            throws NotSentException {
        try {
            send(mail(notices, Shared.SESSION), transport);
            return List.of();
        } catch (MessagingException e) {
            var failure = new SmtpFailure(settings, limits, e, transport, sockets);
            if (failure.isTakenForSome()) {
                return failure.refusals();
            }
            boolean late = failure.fault() == SendFault.NOTICE_FOR_NOW && isLate(notices);
            throw new NotSentException(late ? SendFault.NOTICE_FOR_GOOD : failure.fault(), failure.reason(), e);
        }
    }

    /** Returns whether the other recipients got the notices long ago. */
    private boolean isLate(List<Notice> notices) {
        Instant late = clock.instant().minus(LONGEST_LEFT);
        return notices.stream()
                .allMatch(notice -> !notice.left().isEmpty() && notice.at().isBefore(late));
    }

    /**
     * Returns the recipients that a recipe names, else all of the settings. If others already got the notice, only the
     * recipients that are left are returned.
     */
    @Override
    public List<String> audience(Notice notice) {
        List<String> own = switch (notice.about()) {
            case Notice.About.RunEnded(Run run) -> this.own.apply(run.order().recipe());
            case Notice.About.Alert found -> List.of();
        };
        List<String> all = own.isEmpty() ? settings.to() : own;
        return notice.left().isEmpty()
                ? all
                : all.stream().filter(notice.left()::contains).toList();
    }

    private Mail mail(List<Notice> notices, Session session) throws MessagingException {
        var mail = new Mail(session, id(notices));
        mail.setFrom(address(settings.from()));
        for (String to : audience(notices.getFirst())) {
            mail.addRecipient(jakarta.mail.Message.RecipientType.TO, address(to));
        }
        Message message = writer.message(notices);
        mail.setSubject(message.subject(), "UTF-8");
        mail.setSentDate(Date.from(clock.instant()));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no program answers it automatically
        // the best one last (RFC 2046, 5.1.4)
        mail.setContent(new MimeMultipart("alternative", part(message.text(), "plain"), part(message.html(), "html")));
        mail.saveChanges();
        return mail;
    }

    private static MimeBodyPart part(String text, String kind) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, "UTF-8", kind);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable"); // all output of a step passes unchanged
        return part;
    }

    private static InternetAddress address(String bare) throws AddressException {
        return new InternetAddress(bare, true);
    }

    /** Returns the Message-ID, which is the same for every mail of the same notices. */
    private String id(List<Notice> notices) {
        Notice notice = notices.getFirst();
        String about = switch (notice.about()) {
            case Notice.About.RunEnded(Run run) ->
                run.id() + "." + notice.kind() + "." + run.times().queuedAt().toEpochMilli();
            case Notice.About.Alert found ->
                notice.kind() + "." + notice.id() + "." + found.at().toEpochMilli();
        };
        String more = notices.size() == 1
                ? ""
                : "." + notices.size() + "." + notices.getLast().id();
        return "<leprechaun." + about + more + "@" + domain() + ">";
    }

    /** Returns this host's name, if it is valid in a mail's envelope; else {@code localhost}. */
    private String domain() {
        String host = writer.host();
        return host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?") ? host : "localhost";
    }

    private void send(Mail mail, Smtp transport) throws MessagingException {
        transport.connect(
                settings.host(),
                settings.port(),
                settings.user().orElse(null),
                settings.password().map(secret -> secret.value()).orElse(null));
        if (transport.isLoginLeftOut() && !loginLogged) {
            LOG.warn(
                    "{} offers no login: sending mail without the login of {}",
                    where(),
                    settings.user().orElse(""));
            loginLogged = true;
        }
        transport.sendMessage(mail, mail.getAllRecipients());
    }

    private Properties properties(LimitedSocketFactory sockets) {
        boolean startTls = settings.security() == Security.STARTTLS;
        var properties = new Properties();
        properties.put("mail.smtp.socketFactory", sockets);
        properties.setProperty("mail.smtp.socketFactory.fallback", "false");
        properties.setProperty(
                "mail.smtp.localhost", domain()); // else the library asks the network for this host's name
        properties.setProperty("mail.smtp.from", settings.from());
        properties.setProperty("mail.smtp.sendpartial", "true");
        properties.setProperty("mail.smtp.quitwait", "false");
        properties.setProperty(
                "mail.smtp.auth", Boolean.toString(settings.user().isPresent()));
        properties.setProperty("mail.smtp.auth.mechanisms", SmtpFailure.MECHANISMS);
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(settings.security() == Security.TLS));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(startTls));
        properties.setProperty(
                "mail.smtp.connectiontimeout", Long.toString(limits.connect().toMillis()));
        properties.setProperty(
                "mail.smtp.timeout", Long.toString(limits.answer().toMillis()));
        return properties;
    }

    /** Ends a conversation that is under way, and every later one before it begins. */
    @Override
    public void close() {
        closed = true;
        var sockets = current;
        if (sockets != null) {
            sockets.end();
        }
    }

    /** A mail with a given Message-ID: to create one, the library would ask the network for this host's name. */
    private static final class Mail extends MimeMessage {
        private final String id;

        Mail(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
