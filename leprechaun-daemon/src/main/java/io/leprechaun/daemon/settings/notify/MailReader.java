package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.secret.Secrets;
import io.leprechaun.daemon.settings.notify.MailSettings.Security;
import io.leprechaun.daemon.units.OffLimits;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The keys of {@code notify.mail}, and their reading. */
final class MailReader {
    private static final String WORD = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    /**
     * A mail address, ASCII only: most servers take nothing else, and a name in another script has an ASCII spelling.
     */
    private static final Pattern MAILBOX =
            Pattern.compile("(?=.{1,64}@)" + WORD + "(\\." + WORD + ")*@" + LABEL + "(\\." + LABEL + ")*");

    /** A user in the address of a server: characters that need no escape, and {@code %XX}. */
    private static final Pattern USER = Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*");

    /** The names and addresses of this host for itself. */
    static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final KeyTable<MailSettings> TABLE = new KeyTable<>();

    private static final Key<URI> SMTP = TABLE.add(Key.of("smtp", Type.parsed(MailReader::server, MailReader::servers))
            .says("The server; `smtps://` for TLS from the first byte. An `@` in USER is written `%40`.")
            .example("smtp://user@mail.example.org:587"));
    private static final Key<MailSettings.Security> SECURITY =
            TABLE.add(Key.of("security", Types.choice(MailSettings.Security.class))
                    .says("Protection of the connection.")
                    .unless("`tls` for `smtps://`, `plain` to this host, else `starttls`")
                    .example("starttls"));
    private static final Key<Value> PASSWORD = TABLE.add(Key.of("password", Type.asItStands(MailReader::secret))
            .says("The password of the user in `smtp`, named as a secret; never written here.")
            .unless("none")
            .example("{ file: /etc/leprechaun/smtp }"));
    private static final Key<String> FROM =
            TABLE.add(Key.of("from", Type.parsed(MailReader::mailbox, MailReader::mailboxes))
                    .says("The sender, a bare address.")
                    .example("leprechaun@example.org"));
    private static final Key<List<String>> TO =
            TABLE.add(Key.of("to", Type.list(MailReader::mailbox, MailReader::mailboxes))
                    .says("The recipients, bare addresses.")
                    .example("[ops@example.org]"));

    /** The section of these keys. */
    static final Key<MappingReader> SECTION = Key.of(
                    "mail",
                    Types.section(
                            "{\"type\": \"object\", \"properties\": \"@\", \"required\": [\"smtp\", \"from\", \"to\"],"
                                    + " \"additionalProperties\": false}",
                            () -> TABLE))
            .says("The mail server and the recipients, see [below](#mail).")
            .unless("no mail");

    /** The kind of targets for mail. */
    static final TargetSettings.Kind KIND = TargetSettings.Kind.single(
            SECTION,
            (section, secrets, problems) ->
                    SECTION.read(section).flatMap(new MailReader(secrets, problems)::read).stream()
                            .toList());

    private final Secrets secrets;
    private final Problems problems;

    private MailReader(Secrets secrets, Problems problems) {
        this.secrets = secrets;
        this.problems = problems;
    }

    /** Returns the mail settings; empty: a required key is missing or invalid, which is noted. */
    private Optional<MailSettings> read(MappingReader mail) {
        Optional<URI> server = SMTP.read(mail);
        Optional<Secret> password = secrets.read(mail, PASSWORD.name());
        Optional<String> from = FROM.read(mail);
        List<String> to = TO.or(mail, List.of());
        Optional<Security> security = SECURITY.read(mail);
        mail.done();
        for (String key : List.of("smtp", "from", "to")) {
            if (!mail.has(key)) {
                problems.error(mail.place(), "`" + key + "` is missing; use smtp, from and to");
            }
        }
        if (server.isEmpty() || from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> user = Optional.ofNullable(server.get().getUserInfo());
        if (user.isPresent() != mail.has("password")) {
            problems.error(mail.place("smtp"), "a login needs smtp://USER@HOST and `password`; use both or none");
        }
        Security how = security.orElseGet(() -> usual(server.get()));
        if (how == Security.PLAIN
                && user.isPresent()
                && !LOOPBACK.contains(server.get().getHost())) {
            problems.warn(mail.place("security"), "the password is sent unencrypted; use security: starttls");
        }
        String host = server.get().getHost().replaceAll("[\\[\\]]", "");
        return Optional.of(new MailSettings(host, port(server.get(), how), how, user, password, from.get(), to));
    }

    private static URI server(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("invalid mail server " + shown(text) + ": " + allowed(text), e);
        }
        boolean scheme = "smtp".equals(uri.getScheme()) || "smtps".equals(uri.getScheme());
        boolean bare = uri.getHost() != null
                && uri.getPort() <= 65_535
                && uri.getPort() != 0
                && uri.getQuery() == null
                && uri.getFragment() == null;
        boolean noPath = uri.getPath() == null
                || uri.getPath().isEmpty()
                || uri.getPath().equals("/");
        if (holdsPassword(text)) {
            throw new IllegalArgumentException(
                    "the address contains a password; move it to `password: { file: PATH }`");
        }
        if (!scheme || !bare || !noPath) {
            throw new IllegalArgumentException("invalid mail server " + shown(text) + ": " + allowed(text));
        }
        Optional<String> complaint = OffLimits.complaint(uri.getHost());
        if (complaint.isPresent()) {
            throw new IllegalArgumentException(complaint.get());
        }
        if (uri.getUserInfo() != null && uri.getUserInfo().chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the user contains a control character; remove it");
        }
        return uri;
    }

    /**
     * Returns the remedy for an invalid server. If the user in it may be the reason, the remedy includes the spelling
     * of its characters.
     */
    private static String allowed(String text) {
        String allowed = "use smtp://USER@HOST:587, or smtps://USER@HOST for TLS from the start";
        String user = text.replaceFirst("(?s)^[a-z]*://", "").replaceFirst("(?s)@[^@]*$", "");
        return text.contains("@") && !USER.matcher(user).matches()
                ? allowed + "; in USER use %40 for @ (smtp://me%40example.org@HOST:587), %5C for \\, %20 for a space"
                : allowed;
    }

    /** Returns whether there is a {@code USER:PASSWORD@} behind the scheme. */
    private static boolean holdsPassword(String text) {
        int login = text.indexOf("://") + "://".length();
        int at = text.indexOf('@');
        return text.contains("://") && at > login && text.substring(login, at).contains(":");
    }

    /** Returns the text without a possible login: a password in the wrong place must not get into a log. */
    private static String shown(String text) {
        return "'" + text.replaceFirst("(?s)^([a-z]*://)?.*@", "$1***@") + "'";
    }

    /**
     * Returns the usual protection. The connection to a server on this host is plain; every other server must offer
     * TLS.
     */
    private static Security usual(URI server) {
        if ("smtps".equals(server.getScheme())) {
            return Security.TLS;
        }
        return LOOPBACK.contains(server.getHost()) ? Security.PLAIN : Security.STARTTLS;
    }

    private static int port(URI server, Security security) {
        if (server.getPort() > 0) {
            return server.getPort();
        }
        return switch (security) {
            case PLAIN -> 25;
            case STARTTLS -> 587;
            case TLS -> 465;
        };
    }

    static String mailbox(String text) {
        if (text.length() > 254 || !MAILBOX.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "invalid mail address '" + text + "': use a bare address, such as ops@example.org");
        }
        return text;
    }

    /** Returns the shape of a bare mail address. */
    static Shape mailboxes() {
        return Types.matching("^[^@ ]+@[^@ ]+$", "an address");
    }

    private static Shape servers() {
        return Types.matching("^smtps?://", "`smtp://[USER@]HOST[:PORT]`");
    }

    private static Shape secret() {
        return Shape.of(Types.ref("secret"), "a secret");
    }
}
