package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.units.Address;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The keys of {@code console}, and the conversion of their values into {@link ConsoleSettings}. */
final class ConsoleKeys {
    private static final KeyTable<ConsoleSettings> CONSOLE = new KeyTable<>();
    private static final Key<Address> LISTEN =
            CONSOLE.add(Key.of("listen", Type.parsed(Address::parse, AgentKeys::address))
                    .says("The address of the API over TCP; another one than a loopback address needs `tls`.")
                    .unless("`" + ConsoleSettings.DEFAULTS.listen() + "`")
                    .example("\"" + ConsoleSettings.DEFAULTS.listen() + "\""));
    private static final Key<Boolean> OPEN =
            CONSOLE.add(Key.of("open", Type.parsed(ConsoleKeys::isOpen, () -> Types.oneOf(List.of("always", "off"))))
                    .says("With `always` the daemon listens, and answers callers with a [token](commands.md#token).")
                    .unless("`off`")
                    .example("always"));
    private static final Key<MappingReader> TLS = CONSOLE.add(TlsKeys.section());
    private static final Key<URI> URL = CONSOLE.add(Key.of("url", Type.parsed(ConsoleKeys::url, ConsoleKeys::urls))
            .says("The address for callers, if it is another one than `listen`; requests to other names are refused.")
            .unless("`listen`")
            .example("https://runs.example.org"));

    /** The key of the settings. */
    static final Key<Value> OF_SETTINGS = Key.of(
                    "console",
                    Type.asItStands(() -> Shape.of(
                                    "{\"anyOf\": [{\"enum\": [\"off\", false]}, {\"type\": \"object\", \"properties\":"
                                            + " \"@\", \"additionalProperties\": false}]}",
                                    "`off`, a map"))
                            .with(() -> CONSOLE))
            .says("The API over TCP. The web console is not in this version yet.")
            .unless("`off`");

    private ConsoleKeys() {}

    /** Reads the value of the key. Errors are noted. */
    static ConsoleSettings read(Value value, Problems problems) {
        return switch (value) {
            case Value.Mapping section -> read(new MappingReader(section, problems));
            case Value.Scalar text
            when text.text().equals("off") || text.text().equals("false") -> ConsoleSettings.DEFAULTS;
            default -> {
                problems.error(value.place(), "invalid console: use `off`, or a section such as `{ open: always }`");
                yield ConsoleSettings.DEFAULTS;
            }
        };
    }

    private static ConsoleSettings read(MappingReader fields) {
        var usual = ConsoleSettings.DEFAULTS;
        var read = new ConsoleSettings(
                OPEN.or(fields, false),
                LISTEN.or(fields, usual.listen()),
                TLS.read(fields).flatMap(TlsKeys::read),
                URL.read(fields));
        if (!fields.has("tls") && !read.listen().isLoopback()) {
            fields.wrong(
                    "listen",
                    "callers on other hosts would send their tokens unencrypted; add tls: { certificate: FILE, key:"
                            + " FILE }, or use 127.0.0.1 and a proxy with TLS");
        }
        fields.notYet("proxy", "edit", "name", "accent");
        fields.done();
        return read;
    }

    /** @throws IllegalArgumentException for a word that this version does not have */
    private static boolean isOpen(String word) {
        return switch (word) {
            case "always" -> true;
            case "off", "false" -> false;
            case "asked" ->
                throw new IllegalArgumentException("`asked` is not in this version yet; use `always` or `off`");
            default -> throw new IllegalArgumentException("invalid word '" + word + "'; use `always` or `off`");
        };
    }

    /** @throws IllegalArgumentException when the text is not a web address, or has more than a host and a port */
    private static URI url(String text) {
        String allowed = "use http://HOST or https://HOST, with a port if it is not the usual one";
        try {
            URI url = new URI(text.strip());
            boolean scheme = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            boolean bare = url.getRawPath() == null
                    || url.getRawPath().isEmpty()
                    || url.getRawPath().equals("/");
            if (!scheme || url.getHost() == null || url.getUserInfo() != null || !bare || url.getRawQuery() != null) {
                throw new IllegalArgumentException("invalid address; " + allowed);
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("invalid address; " + allowed, e);
        }
    }

    private static Shape urls() {
        return Types.matching("^https?://[^/?#@]+/?$", "`https://HOST`, `http://HOST`");
    }
}
