package io.leprechaun.daemon.zone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesException;
import java.time.zone.ZoneRulesProvider;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The time zones of the host, so that a recipe is due at the times that {@code date} and cron use: a Java runtime has
 * data of its own, which is as old as the runtime. The launcher makes this class the JVM's provider by
 * {@code -Djava.time.zone.DefaultZoneRulesProvider}, where the host has compiled zone files. Each file is read once:
 * restart the daemon to use newer ones.
 */
public final class HostZones extends ZoneRulesProvider {
    private static final String FOLDER = "/usr/share/zoneinfo";

    /**
     * The names, in a class of their own: the superclass makes its default provider while it is initialised itself,
     * before the fields of this class have values.
     */
    private static final class Names {
        /** The names that {@link java.time.ZoneId} takes; the folder holds tables, too, whose names have a dot. */
        static final Pattern ZONE = Pattern.compile("[A-Za-z][A-Za-z0-9/_+-]+");
        /** Copies of the zones with other countings of leap seconds, and entries that are not zones. */
        static final Set<String> NO_ZONE =
                Set.of("posix", "right", "posixrules", "localtime", "leapseconds", "Factory");
    }

    private final Path folder;
    private final String version;

    /** Creates the provider of the folder that {@code TZDIR} names, or of the usual one, as the C library finds it. */
    public HostZones() {
        this(folder());
    }

    /** Returns the folder in which the C library looks for zones. */
    static Path folder() {
        return Path.of(Optional.ofNullable(System.getenv("TZDIR"))
                .filter(named -> !named.isEmpty())
                .orElse(FOLDER));
    }

    HostZones(Path folder) {
        this.folder = folder;
        this.version = version(folder);
    }

    /** Returns the version and the source of this JVM's zone data, for messages. */
    public static String used() {
        String name = ZoneRulesProvider.getVersions("UTC").lastKey();
        return System.getProperty("java.time.zone.DefaultZoneRulesProvider") == null
                ? name + " of the Java runtime, because this host has none"
                : name + " of this host";
    }

    private static String version(Path folder) {
        try (Stream<String> lines = Files.lines(folder.resolve("tzdata.zi"))) {
            return lines.findFirst()
                    .filter(first -> first.startsWith("# version "))
                    .map(first -> first.substring("# version ".length()))
                    .orElse("?");
        } catch (IOException | UncheckedIOException e) {
            return "?";
        }
    }

    /**
     * Lists the zones with one look at each file. It skips the two folders that hold copies of all zones, because this
     * is a part of every start.
     */
    @Override
    protected Set<String> provideZoneIds() {
        var names = new HashSet<String>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                    return Names.NO_ZONE.contains(name(path)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                    String name = name(path);
                    if (Names.ZONE.matcher(name).matches()
                            && !Names.NO_ZONE.contains(name)
                            && (attributes.isRegularFile() || Files.isRegularFile(path))) {
                        names.add(name);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new ZoneRulesException("cannot read the host's time zones in " + folder + ": " + e.getMessage(), e);
        }
        return names;
    }

    private String name(Path path) {
        String text = path.toString();
        int inside = folder.toString().length() + 1;
        return inside < text.length() ? text.substring(inside) : "";
    }

    @Override
    protected ZoneRules provideRules(String name, boolean forCaching) {
        try {
            return ZoneFile.read(Files.readAllBytes(folder.resolve(name)));
        } catch (IOException | RuntimeException e) {
            throw new ZoneRulesException(
                    "cannot read the host's time zone " + folder.resolve(name) + ": " + e.getMessage(), e);
        }
    }

    @Override
    protected NavigableMap<String, ZoneRules> provideVersions(String name) {
        var versions = new TreeMap<String, ZoneRules>();
        versions.put(version, provideRules(name, false));
        return versions;
    }
}
