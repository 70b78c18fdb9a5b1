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
import java.util.Optional;

/** The keys of {@code console}, and the conversion of their values into {@link ConsoleSettings}. */
final class ConsoleKeys {
    /** The path of an address: no segment is a dot or two, which browsers remove. */
    private static final String PATH = "(/[A-Za-z0-9_][A-Za-z0-9._-]*)*/?";

    private static final KeyTable<ConsoleSettings> CONSOLE = new KeyTable<>();
    private static final Key<Address> LISTEN =
            CONSOLE.add(Key.of("listen", Type.parsed(Address::parse, AgentKeys::address))
                    .says("The address of the API over TCP; another one than a loopback address needs `tls`.")
                    .unless("`" + ConsoleSettings.DEFAULTS.listen() + "`")
                    .example("\"" + ConsoleSettings.DEFAULTS.listen() + "\""));
    private static final Key<ConsoleSettings.Open> OPEN = CONSOLE.add(Key.of(
                    "open", Type.parsed(ConsoleKeys::open, () -> Types.oneOf(List.of("asked", "always", "off"))))
            .says("With `asked` the daemon listens after [`leprechaun console`](commands.md#console), until 30"
                    + " minutes after the last request. With `always` it listens while it runs.")
            .unless("`asked`")
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
            .says("The console for browsers, and the API over TCP.")
            .unless("opened when asked for");

    private static final ConsoleSettings OFF = new ConsoleSettings(
            ConsoleSettings.Open.OFF, ConsoleSettings.DEFAULTS.listen(), Optional.empty(), Optional.empty());

    private ConsoleKeys() {}

    /** Reads the value of the key. Errors are noted. */
    static ConsoleSettings read(Value value, Problems problems) {
        return switch (value) {
            case Value.Mapping section -> read(new MappingReader(section, problems));
            case Value.Scalar text when text.text().equals("off") || text.text().equals("false") -> OFF;
            default -> {
                problems.error(value.place(), "invalid console: use `off`, or a section such as `{ open: always }`");
                yield ConsoleSettings.DEFAULTS;
            }
        };
    }

    private static ConsoleSettings read(MappingReader fields) {
        var usual = ConsoleSettings.DEFAULTS;
        var read = new ConsoleSettings(
                OPEN.or(fields, usual.open()),
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

    /** @throws IllegalArgumentException for another word */
    private static ConsoleSettings.Open open(String word) {
        return switch (word) {
            case "asked" -> ConsoleSettings.Open.ASKED;
            case "always" -> ConsoleSettings.Open.ALWAYS;
            case "off", "false" -> ConsoleSettings.Open.OFF;
            default ->
                throw new IllegalArgumentException("invalid word '" + word + "'; use `asked`, `always` or `off`");
        };
    }

    /** @throws IllegalArgumentException when the text is not a web address, or has a query */
    private static URI url(String text) {
        String allowed = "use https://HOST or http://HOST, with a port or a plain path if they are needed";
        try {
            URI url = new URI(text.strip());
            boolean scheme = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            boolean path = url.getRawPath() != null && url.getRawPath().matches(PATH);
            if (!scheme || url.getHost() == null || url.getUserInfo() != null || !path || isMore(url)) {
                throw new IllegalArgumentException("invalid address; " + allowed);
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("invalid address; " + allowed, e);
        }
    }

    private static boolean isMore(URI url) {
        return url.getRawQuery() != null || url.getRawFragment() != null;
    }

    private static Shape urls() {
        return Types.matching("^https?://[^/?#@]+" + PATH + "$", "`https://HOST`, `http://HOST/PATH`");
    }
}
