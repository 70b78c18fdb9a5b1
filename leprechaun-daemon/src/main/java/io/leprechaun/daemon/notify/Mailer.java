package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.config.MailSettings;
import io.leprechaun.daemon.run.Notice;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.InstantSource;
import java.util.Date;
import java.util.Properties;

/** Sends notices by SMTP. Every step of the conversation has a limit in time. */
public final class Mailer implements Notifier.Sender {
    private static final String TIMEOUT_MILLIS = "20000";

    private final MailSettings settings;
    private final MailText text;
    private final InstantSource clock;
    private final Session session;

    /** A mailer for these settings. */
    public Mailer(MailSettings settings, MailText text, InstantSource clock) {
        this.settings = settings;
        this.text = text;
        this.clock = clock;
        this.session = Session.getInstance(properties(settings), authenticator(settings));
    }

    private static Properties properties(MailSettings settings) {
        boolean tls = settings.security() == MailSettings.Security.TLS;
        boolean startTls = settings.security() == MailSettings.Security.STARTTLS;
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", settings.host());
        properties.setProperty("mail.smtp.port", Integer.toString(settings.port()));
        properties.setProperty(
                "mail.smtp.auth", Boolean.toString(settings.user().isPresent()));
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(tls));
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(startTls));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.timeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.writetimeout", TIMEOUT_MILLIS);
        properties.setProperty("mail.smtp.quitwait", "false");
        return properties;
    }

    private static Authenticator authenticator(MailSettings settings) {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(
                        settings.user().orElse(""),
                        settings.password().map(secret -> secret.value()).orElse(""));
            }
        };
    }

    @Override
    public void send(Notice notice) throws NotSentException {
        try {
            var message = new MimeMessage(session);
            message.setFrom(new InternetAddress(settings.from(), true));
            for (String to : settings.to()) {
                message.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
            }
            message.setSubject(text.subject(notice), "UTF-8");
            message.setText(text.body(notice), "UTF-8");
            message.setSentDate(Date.from(clock.instant()));
            message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: nobody answers it automatically
            Transport.send(message);
        } catch (MessagingException e) {
            throw new NotSentException("mail to " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
        }
    }
}
