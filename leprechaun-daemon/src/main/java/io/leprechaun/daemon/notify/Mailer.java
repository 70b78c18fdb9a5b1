package io.leprechaun.daemon.notify;

import io.leprechaun.api.Printable;
import io.leprechaun.api.Width;
import io.leprechaun.daemon.config.MailSettings;
import io.leprechaun.daemon.config.MailSettings.Security;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.NotSentException.Fault;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.StreamProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notices by SMTP, one mail to all people of the settings. It is sent once the server has taken it for one of them; those whom the server refused meanwhile are logged. Every
 * mail of a notice has the same Message-ID, so that one that is sent twice, because the server's answer was lost, can be told from two. One thread sends; any thread may close.
 */
public final class Mailer implements Notifier.Sender {
    private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);
    private static final int LONGEST_REASON = 300;

    private final MailSettings settings;
    private final Function<RecipeName, List<String>> own;
    private final LetterWriter writer;
    private final InstantSource clock;
    private final Alarms alarms;
    private final Limits limits;
    private volatile @Nullable Conversation current;
    private volatile boolean closed;

    /**
     * How long the server may take; looking up its address has the limits of the host's resolver.
     *
     * @param answer for each connect and each answer, at least a millisecond
     * @param conversation for all of it
     */
    record Limits(Duration answer, Duration conversation) {
        static final Limits USUAL = new Limits(Duration.ofSeconds(20), Duration.ofMinutes(2));
    }

    /**
     * A mailer for these settings.
     *
     * @param own whom a recipe names itself
     */
    public Mailer(
            MailSettings settings,
            Function<RecipeName, List<String>> own,
            LetterWriter writer,
            InstantSource clock,
            Alarms alarms) {
        this(settings, own, writer, clock, alarms, Limits.USUAL);
    }

    Mailer(
            MailSettings settings,
            Function<RecipeName, List<String>> own,
            LetterWriter writer,
            InstantSource clock,
            Alarms alarms,
            Limits limits) {
        this.settings = settings;
        this.own = own;
        this.writer = writer;
        this.clock = clock;
        this.alarms = alarms;
        this.limits = limits;
    }

    /** One for all mails, with one mail at a time: to make one looks anew into files of the program, which may be gone by then. */
    private static final class Shared {
        static {
            // or each part of a mail has it looked for anew
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
            var letter = new Mail(Shared.SESSION, "<nobody@localhost>"); // or the network is asked for our name
            letter.setContent(new MimeMultipart("alternative", part("x", "plain"), part("x", "html")));
            letter.saveChanges();
            letter.writeTo(OutputStream.nullOutputStream());
        } catch (MessagingException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void send(List<Notice> notices) throws NotSentException {
        Shared.LOCK.lock();
        try {
            converse(notices);
        } finally {
            Shared.LOCK.unlock();
        }
    }

    private void converse(List<Notice> notices) throws NotSentException {
        var conversation = new Conversation();
        current = conversation;
        if (closed) {
            conversation.end();
        }
        var alarm = alarms.in(limits.conversation(), conversation::expire);
        try {
            Properties properties = Shared.SESSION.getProperties();
            properties.clear();
            properties.putAll(properties(conversation));
            send(mail(notices, Shared.SESSION));
        } catch (SendFailedException e) {
            if (taken(e)) {
                LOG.warn("{} was not told to everybody: {}", notices.getFirst().name(), reason(e, conversation));
            } else {
                throw new NotSentException(fault(e), reason(e, conversation), e);
            }
        } catch (MessagingException e) {
            throw new NotSentException(Fault.SERVER, reason(e, conversation), e);
        } finally {
            alarm.cancel();
            conversation.end();
        }
    }

    /** Those whom a recipe names, or all of the settings. */
    @Override
    public List<String> audience(Notice notice) {
        List<String> own = switch (notice.about()) {
            case Notice.About.Ended(Run run) -> this.own.apply(run.order().recipe());
            case Notice.About.Found found -> List.of();
        };
        return own.isEmpty() ? settings.to() : own;
    }

    private Mail mail(List<Notice> notices, Session session) throws MessagingException {
        var mail = new Mail(session, id(notices));
        mail.setFrom(address(settings.from()));
        for (String to : audience(notices.getFirst())) {
            mail.addRecipient(Message.RecipientType.TO, address(to));
        }
        Letter letter = writer.letter(notices);
        mail.setSubject(letter.subject(), "UTF-8");
        mail.setSentDate(Date.from(clock.instant()));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: nobody answers it automatically
        // the best one last (RFC 2046, 5.1.4)
        mail.setContent(new MimeMultipart("alternative", part(letter.text(), "plain"), part(letter.html(), "html")));
        mail.saveChanges();
        return mail;
    }

    private static MimeBodyPart part(String text, String kind) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, "UTF-8", kind);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable"); // whatever a step prints passes unchanged
        return part;
    }

    private static InternetAddress address(String bare) throws AddressException {
        return new InternetAddress(bare, true);
    }

    /** The same for every mail of the same notices. */
    private String id(List<Notice> notices) {
        Notice notice = notices.getFirst();
        String about = switch (notice.about()) {
            case Notice.About.Ended(Run run) ->
                run.id() + "." + notice.kind() + "." + run.times().queuedAt().toEpochMilli();
            case Notice.About.Found found ->
                notice.kind() + "." + notice.id() + "." + found.at().toEpochMilli();
        };
        String more = notices.size() == 1
                ? ""
                : "." + notices.size() + "." + notices.getLast().id();
        return "<leprechaun." + about + more + "@" + domain() + ">";
    }

    /** This host's name, if it can be said in a mail's envelope. */
    private String domain() {
        String host = writer.host();
        return host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?") ? host : "localhost";
    }

    private void send(Mail mail) throws MessagingException {
        try (var transport = mail.session().getTransport("smtp")) {
            transport.connect(
                    settings.host(),
                    settings.port(),
                    settings.user().orElse(null),
                    settings.password().map(secret -> secret.value()).orElse(null));
            transport.sendMessage(mail, mail.getAllRecipients());
        }
    }

    private Properties properties(Conversation conversation) {
        boolean startTls = settings.security() == Security.STARTTLS;
        var properties = new Properties();
        properties.put("mail.smtp.socketFactory", conversation);
        properties.setProperty("mail.smtp.socketFactory.fallback", "false");
        properties.setProperty("mail.smtp.localhost", domain()); // or it would ask the network for our name
        properties.setProperty("mail.smtp.from", settings.from());
        properties.setProperty("mail.smtp.sendpartial", "true");
        properties.setProperty("mail.smtp.quitwait", "false");
        properties.setProperty(
                "mail.smtp.auth", Boolean.toString(settings.user().isPresent()));
        properties.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(settings.security() == Security.TLS));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(startTls));
        String millis = Long.toString(limits.answer().toMillis());
        properties.setProperty("mail.smtp.connectiontimeout", millis);
        properties.setProperty("mail.smtp.timeout", millis);
        return properties;
    }

    private static boolean taken(SendFailedException e) {
        return e.getValidSentAddresses() != null && e.getValidSentAddresses().length > 0;
    }

    /** A refused sender is the settings' fault and meets every mail; a refused mail or a refused recipient is the notice's. */
    private static Fault fault(SendFailedException e) {
        var codes = chain(e).flatMap(failure -> switch (failure) {
                    case SMTPAddressFailedException address -> Stream.of(address.getReturnCode());
                    case SMTPSendFailedException send
                    when !send.getCommand().startsWith("MAIL") -> Stream.of(send.getReturnCode());
                    default -> Stream.<Integer>empty();
                })
                .toList();
        boolean refused = !codes.isEmpty() && codes.stream().allMatch(code -> code >= 400 && code != 421);
        if (!refused) {
            return Fault.SERVER;
        }
        return codes.stream().allMatch(code -> code >= 500) ? Fault.NOTICE_FOR_GOOD : Fault.NOTICE_FOR_NOW;
    }

    private static Stream<Exception> chain(MessagingException e) {
        return Stream.iterate(
                (Exception) e,
                failure -> failure != null,
                failure -> failure instanceof MessagingException mail ? mail.getNextException() : null);
    }

    /** One line for people: what every failure in the chain says, without what a server may echo of the login. */
    private String reason(MessagingException e, Conversation conversation) {
        String why = chain(e).map(failure -> failure instanceof AuthenticationFailedException
                        ? "the login of " + settings.user().orElse("") + " was refused"
                                + replyCode(String.valueOf(failure.getMessage()))
                        : String.valueOf(failure.getMessage()))
                .map(String::strip)
                .distinct()
                .collect(Collectors.joining(": "));
        if (conversation.expired()) {
            why = "the conversation took longer than " + RunDocument.text(limits.conversation()) + ": " + why;
        }
        for (String secret : secrets()) {
            why = why.replace(secret, "***");
        }
        return settings.host() + ":" + settings.port() + ": " + Width.cut(Printable.of(why), LONGEST_REASON);
    }

    private static String replyCode(String answer) {
        return answer.matches("(?s)[45][0-9]{2}\\b.*") ? " (" + answer.substring(0, 3) + ")" : "";
    }

    /** The password, and how a login spells it. */
    private List<String> secrets() {
        if (settings.password().isEmpty()) {
            return List.of();
        }
        String password = settings.password().get().value();
        String user = settings.user().orElse("");
        return List.of(base64(user + "\0" + user + "\0" + password), base64(password), password);
    }

    private static String base64(String plain) {
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends a conversation that is under way, and every later one before it begins. */
    @Override
    public void close() {
        closed = true;
        var conversation = current;
        if (conversation != null) {
            conversation.end();
        }
    }

    /** A mail with an id of our own: the library would ask the network for our name to make one. */
    private static final class Mail extends MimeMessage {
        private final String id;

        Mail(Session session, String id) {
            super(session);
            this.id = id;
        }

        Session session() {
            return session;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
