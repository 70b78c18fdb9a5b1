package io.leprechaun.daemon.zone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A zone as glibc finds it (tzset(3), and its time/tzset.c for the cases that the page leaves out): the file or the
 * rule in {@code TZ}, or {@code /etc/localtime}.
 *
 * @param name the zone's name in the database; empty: it has none
 * @param doubt the reason why this may not be the zone that was meant, in a sentence; empty: there is no doubt
 */
record LocalZone(Optional<String> name, ZoneRules rules, Optional<String> doubt) {
    private static final LocalZone UTC = new LocalZone(Optional.of("UTC"), ZoneOffset.UTC.getRules(), Optional.empty());

    /**
     * The dates that are added to a rule without the beginning and end of summer time, or without its end. They are
     * those of the United States, as in glibc where the host has no file {@code posixrules}.
     */
    private static final List<String> CHANGES = List.of(",M3.2.0,M11.1.0", "M3.2.0,M11.1.0", ",M11.1.0");

    private static final String LEAPING = "right/";

    private LocalZone(PosixZone rule) {
        this(Optional.empty(), ZoneFile.rules(rule), Optional.empty());
    }

    /**
     * Reads the zone.
     *
     * @param variable the value of {@code TZ}; empty: not set
     * @param etc the folder that holds {@code localtime}
     * @param folder the folder of the zone files
     */
    static LocalZone read(Optional<String> variable, Path etc, Path folder) {
        return variable.map(text -> ofVariable(text, folder)).orElseGet(() -> ofHost(etc, folder));
    }

    private static LocalZone ofVariable(String variable, Path folder) {
        String text = variable.startsWith(":") ? variable.substring(1) : variable;
        if (text.isEmpty()) {
            return UTC;
        }
        return file(text, folder)
                .flatMap(file -> ofFile(file, folder))
                .or(() -> ofRule(text))
                .orElseGet(() ->
                        UTC.but("unknown time zone TZ='" + variable + "': times are UTC, as date(1) shows them; "
                                + (Files.isDirectory(folder)
                                        ? similar(text, folder)
                                                .map(name -> "use TZ=" + name)
                                                .orElse("correct TZ")
                                        : "install the zone files (tzdata)")
                                + ", or set `timezone` in the settings"));
    }

    private static LocalZone ofHost(Path etc, Path folder) {
        Path file = etc.resolve("localtime");
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return UTC; // by tzset(3)
        }
        return ofFile(file, folder)
                .orElseGet(() -> UTC.but("cannot read the time zone " + file + ": times are UTC, as date(1) shows"
                        + " them; correct it, or set `timezone` in the settings"));
    }

    private static Optional<Path> file(String text, Path folder) {
        try {
            return Optional.of(folder.resolve(text)).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<LocalZone> ofFile(Path file, Path folder) {
        try {
            Optional<String> linked = linked(file, folder);
            Optional<String> leaping = linked.filter(name -> name.startsWith(LEAPING));
            if (leaping.isPresent()) {
                String plain = leaping.get().substring(LEAPING.length());
                return ofFile(folder.resolve(plain), folder)
                        .map(zone -> zone.but(file
                                + " counts leap seconds, which leprechaun does not support: use the zone " + plain));
            }
            byte[] bytes = Files.readAllBytes(file);
            Optional<String> name = linked.isPresent() ? linked : equal(bytes, folder);
            return Optional.of(new LocalZone(name, ZoneFile.read(bytes), Optional.empty()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the name that a path gives the zone: its own, or that of a file to which it links. */
    private static Optional<String> linked(Path file, Path folder) throws IOException {
        Path at = file.toAbsolutePath().normalize();
        for (int links = 0; links < 40; links++) { // as many as the kernel follows (path_resolution(7))
            if (at.startsWith(folder) && !at.equals(folder.resolve(HostZone.UNNAMED))) {
                String name = folder.relativize(at).toString();
                return Optional.of(name.startsWith("posix/") ? name.substring("posix/".length()) : name);
            }
            if (!Files.isSymbolicLink(at)) {
                return Optional.empty();
            }
            at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
        }
        return Optional.empty();
    }

    /** Returns the name of a zone with the same content. The table has one name of each zone, and no former names. */
    private static Optional<String> equal(byte[] bytes, Path folder) {
        try (Stream<String> lines = Files.lines(folder.resolve("zone1970.tab"))) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .filter(fields -> fields.length > 2)
                    .map(fields -> fields[2])
                    .filter(name -> isEqual(folder.resolve(name), bytes))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static boolean isEqual(Path file, byte[] bytes) {
        try {
            return Files.size(file) == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<LocalZone> ofRule(String text) {
        String said = text.stripTrailing();
        return rule(said)
                .map(LocalZone::new)
                .or(() -> CHANGES.stream()
                        .flatMap(changes -> rule(said + changes).stream())
                        .findFirst()
                        .map(rule -> new LocalZone(rule)
                                .but("TZ='" + text
                                        + "' has no rule for summer time, so that of the United States is used: use a"
                                        + " name, or a rule as in CET-1CEST,M3.5.0,M10.5.0/3")));
    }

    private static Optional<PosixZone> rule(String text) {
        try {
            return Optional.of(PosixZone.parse(text));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the zone whose name differs in nothing but case and blanks. */
    private static Optional<String> similar(String text, Path folder) {
        return new HostZones(folder)
                .provideZoneIds().stream()
                        .filter(name -> name.equalsIgnoreCase(text.strip().replace(' ', '_')))
                        .findFirst();
    }

    private LocalZone but(String reason) {
        return new LocalZone(name, rules, Optional.of(reason));
    }
}
