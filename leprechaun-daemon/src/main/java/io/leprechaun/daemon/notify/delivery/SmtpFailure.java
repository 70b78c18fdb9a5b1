package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Width;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.settings.notify.MailSettings;
import io.leprechaun.daemon.settings.notify.MailSettings.Security;
import io.leprechaun.daemon.units.Durations;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/**
 * The outcome of a mail that did not reach all recipients, from all that the library reports of it.
 *
 * @param transport the transport of a conversation that is over
 */
record SmtpFailure(
        MailSettings settings,
        Mailer.SmtpTimeouts limits,
        MessagingException failure,
        Smtp transport,
        LimitedSocketFactory sockets) {
    /** The supported login mechanisms, separated by blanks. */
    static final String MECHANISMS = "PLAIN LOGIN";

    private static final int LONGEST_REASON = 300;

    /** Returns whether the mail was taken for at least one recipient. */
    boolean isTakenForSome() {
        return transport.unanswered().isEmpty()
                && failure instanceof SendFailedException sent
                && sent.getValidSentAddresses() != null
                && sent.getValidSentAddresses().length > 0;
    }

    /** Returns the recipients for whom the mail was not taken. */
    List<Outbox.Refusal> refusals() {
        return chain().filter(SMTPAddressFailedException.class::isInstance)
                .map(SMTPAddressFailedException.class::cast)
                .map(one -> new Outbox.Refusal(
                        one.getAddress().getAddress(), shown(message(one)), one.getReturnCode() >= 500))
                .toList();
    }

    /**
     * Returns the reach of the failure. A refused sender is an error of the settings and meets every mail. A refused
     * mail or a refused recipient concerns the notice alone.
     */
    SendFault fault() {
        if (transport.unanswered().isPresent()) {
            return SendFault.NOTICE_UNANSWERED;
        }
        var codes = chain().flatMap(one -> switch (one) {
                    case SMTPAddressFailedException address -> Stream.of(address.getReturnCode());
                    case SMTPSendFailedException send
                    when !send.getCommand().startsWith("MAIL") -> Stream.of(send.getReturnCode());
                    default -> Stream.<Integer>empty();
                })
                .toList();
        boolean refused = !codes.isEmpty() && codes.stream().allMatch(code -> code >= 400 && code != 421);
        if (!refused) {
            return SendFault.SERVER;
        }
        return codes.stream().allMatch(code -> code >= 500) ? SendFault.NOTICE_FOR_GOOD : SendFault.NOTICE_FOR_NOW;
    }

    /**
     * Returns one line for people: the messages of all failures in the chain, without any part of the login that a
     * server may echo.
     */
    String reason() {
        String general = chain().filter(one -> !(one instanceof SMTPAddressFailedException))
                .map(this::words)
                .filter(words -> !words.isEmpty())
                .distinct()
                .collect(Collectors.joining(": "));
        String addresses = refusals().stream()
                .map(refusal -> refusal.address() + ": " + refusal.why())
                .collect(Collectors.joining("; "));
        String why =
                Stream.of(general, addresses).filter(words -> !words.isEmpty()).collect(Collectors.joining(": "));
        if (transport.unanswered().isPresent()) {
            why = "no answer within " + Durations.brief(transport.unanswered().get())
                    + " after the whole mail, which may have been accepted: " + why;
        } else if (sockets.expired()) {
            why = "the SMTP session took longer than " + Durations.brief(limits.sockets()) + ": " + why;
        }
        if (transport.isLoginLeftOut()) {
            why += " (the server offers no login, so none was sent)";
        }
        return settings.host() + ":" + settings.port() + ": " + shown(why);
    }

    private Stream<Exception> chain() {
        return Stream.iterate(
                (Exception) failure,
                one -> one != null,
                one -> one instanceof MessagingException mail ? mail.getNextException() : null);
    }

    private static String message(Exception one) {
        return String.valueOf(one.getMessage()).strip();
    }

    private String words(Exception one) {
        String message = message(one);
        if (one instanceof AuthenticationFailedException) {
            return login(message);
        }
        if (message.equals("Read timed out") && transport.unanswered().isEmpty()) {
            boolean waits = !sockets.hasHeard() && settings.security() != Security.TLS;
            return "no answer within " + Durations.brief(limits.answer())
                    + (waits ? "; try smtps:// (TLS from the start)" : "");
        }
        return TlsTrouble.words(one, "use smtp:// and security: starttls")
                .orElse(message.equals("Exception reading response") ? "" : message);
    }

    /** Returns the reason that there was no login. Without a reply code the server got no request for one. */
    private String login(String answer) {
        boolean asked = answer.matches("(?s)[45][0-9]{2}\\b.*");
        if (!asked && !transport.logins().isEmpty()) {
            return "the server offers no supported login (" + MECHANISMS.replace(" ", ", ") + "), but "
                    + transport.logins().replace(" ", ", ");
        }
        return "the login of " + user() + " was refused" + (asked ? " (" + answer.substring(0, 3) + ")" : "");
    }

    private String user() {
        return settings.user().orElse("");
    }

    /** Returns a text of the server as one line without a secret. */
    private String shown(String said) {
        String text = said;
        for (String secret : secrets()) {
            text = text.replace(secret, "***");
        }
        return Width.cut(Printable.of(text.strip()), LONGEST_REASON);
    }

    /** Returns the password and its spellings in a login. */
    private List<String> secrets() {
        if (settings.password().isEmpty()) {
            return List.of();
        }
        String password = settings.password().get().value();
        return List.of(base64(user() + "\0" + user() + "\0" + password), base64(password), password);
    }

    private static String base64(String plain) {
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }
}
