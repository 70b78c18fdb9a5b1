package io.leprechaun.daemon.zone;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The time zone of this process, as the C library reads {@code TZ} and {@code /etc/localtime} (tzset(3)). So a daemon
 * whose settings name no zone starts runs at the times that {@code date} shows. Java's own default takes names alone,
 * and replaces the rest by today's offset.
 *
 * @param id a name of the database; an offset that never changes; or {@link #UNNAMED}
 * @param variable the {@code TZ} by which a program sees the same zone; empty: none
 * @param doubt the reason why this may not be the zone that was meant, in a sentence; empty: there is no doubt
 */
public record HostZone(ZoneId id, Optional<String> variable, Optional<String> doubt) {
    /**
     * The name of a zone with changing clocks that has none in the database. It is the C library's name for
     * {@code /etc/localtime}.
     */
    static final String UNNAMED = "localtime";

    /** The holder of the zone: a class of its own, so that the zone is read once, on the first request. */
    private static final class Process {
        static final HostZone ZONE = read();

        private static HostZone read() {
            var variable = Optional.ofNullable(System.getenv("TZ"));
            LocalZone local = LocalZone.read(variable, Path.of("/etc"), HostZones.folder());
            ZoneId id = id(local);
            var named = variable.or(() -> id.getId().equals(UNNAMED) ? Optional.empty() : Optional.of(id.getId()));
            return new HostZone(id, named, local.doubt());
        }

        private static ZoneId id(LocalZone local) {
            Optional<String> known =
                    local.name().filter(name -> ZoneId.getAvailableZoneIds().contains(name));
            if (known.isPresent()) {
                return ZoneId.of(known.get());
            }
            if (local.rules().isFixedOffset()) {
                ZoneOffset offset = local.rules().getOffset(Instant.EPOCH);
                return offset.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : offset;
            }
            var unnamed = new Unnamed(local.rules());
            ZoneRulesProvider.registerProvider(unnamed);
            return unnamed.provideZoneIds().stream().map(ZoneId::of).findFirst().orElseThrow();
        }
    }

    /** The provider of the unnamed zone for {@link ZoneId}. */
    private static final class Unnamed extends ZoneRulesProvider {
        private final ZoneRules rules;

        Unnamed(ZoneRules rules) {
            this.rules = rules;
        }

        @Override
        protected Set<String> provideZoneIds() {
            return Set.of(UNNAMED);
        }

        @Override
        protected ZoneRules provideRules(String name, boolean forCaching) {
            return rules;
        }

        @Override
        protected NavigableMap<String, ZoneRules> provideVersions(String name) {
            var versions = new TreeMap<String, ZoneRules>();
            versions.put("host", rules);
            return versions;
        }
    }

    /** Returns the zone of this process, which it keeps from the first call on. */
    public static HostZone here() {
        return Process.ZONE;
    }

    /** Returns the {@code TZ} of a program that is to run in a zone; empty: none. */
    public Optional<String> variableFor(ZoneId zone) {
        return zone.equals(id) ? variable : Optional.of(zone.getId());
    }
}
