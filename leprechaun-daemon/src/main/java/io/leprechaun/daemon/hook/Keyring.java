package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.secret.SecretSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The secrets of hooks, each kept for five seconds: they may change while the daemon runs, and a flood of forged hooks
 * must not read files each time. Thread-safe.
 */
public final class Keyring {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Map<String, String> daemon;
    private final Map<SecretSource, Fetched> fetched = new ConcurrentHashMap<>();

    private record Fetched(Optional<Secret> secret, long at) {}

    /** @param daemon the daemon's environment, which may hold secrets */
    public Keyring(Map<String, String> daemon) {
        this.daemon = Map.copyOf(daemon);
    }

    /** Returns the secrets that exist, of some sources. */
    List<Secret> of(List<SecretSource> sources) {
        return sources.stream().map(this::of).flatMap(Optional::stream).toList();
    }

    private Optional<Secret> of(SecretSource source) {
        long now = System.nanoTime();
        return fetched.compute(
                        source,
                        (_, known) -> known != null && now - known.at() < FRESH.toNanos()
                                ? known
                                : new Fetched(source.fetch(daemon), now))
                .secret();
    }
}
