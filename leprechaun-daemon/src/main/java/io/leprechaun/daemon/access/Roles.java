package io.leprechaun.daemon.access;

import io.leprechaun.api.Access;
import io.leprechaun.daemon.http.Authority;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.settings.AccessSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The roles of this host's users, by the setting {@code access} and the group of the socket. Root and the daemon's own
 * user may do everything; members of the socket's group may read, and unless {@code operate} names others, also
 * operate. Users are compared by number. Thread-safe.
 */
final class Roles implements Authority {
    /** The time for which the role of a user is cached, in nanoseconds. */
    private static final long KEPT = Duration.ofSeconds(10).toNanos();
    /** The number of cached users at which the cache is cleared. */
    private static final int MOST_KEPT = 1000;

    private final AccessSettings settings;
    private final int socketGroup;
    private final LongSupplier nanoTime;
    private final Map<String, CachedRole> kept = new ConcurrentHashMap<>();

    /** The role of a user, without the role from the socket's permissions, and the time of the lookup. */
    private record CachedRole(Optional<Access> most, long since) {}

    /** A user's number, and the numbers of all its groups. */
    record UserGroups(int uid, Set<Integer> groups) {}

    /**
     * Creates roles that are looked up again after ten seconds.
     *
     * @param socketGroup the number of the socket's group
     * @param nanoTime the clock of elapsed time, in nanoseconds
     */
    Roles(AccessSettings settings, int socketGroup, LongSupplier nanoTime) {
        this.settings = settings;
        this.socketGroup = socketGroup;
        this.nanoTime = nanoTime;
    }

    @Override
    public Optional<Access> most(String user, boolean admitted) {
        Optional<Access> most = most(user);
        return admitted ? greater(most, ofGroup()) : most;
    }

    private Optional<Access> most(String user) {
        long now = nanoTime.getAsLong();
        CachedRole known = kept.get(user);
        if (known == null || now - known.since() >= KEPT) {
            if (kept.size() >= MOST_KEPT) {
                kept.clear();
            }
            known = new CachedRole(account(user).flatMap(this::most), now);
            kept.put(user, known);
        }
        return known.most();
    }

    Optional<Access> most(UserGroups account) {
        if (account.uid() == 0 || account.uid() == Self.uid() || names(settings.administer(), account)) {
            return Optional.of(Access.ADMINISTER);
        }
        Optional<Access> listed = names(settings.operate(), account)
                ? Optional.of(Access.CHANGE)
                : names(settings.read(), account) ? Optional.of(Access.READ) : Optional.empty();
        return account.groups().contains(socketGroup) ? greater(listed, ofGroup()) : listed;
    }

    /** Returns the access of the members of the socket's group. */
    private Access ofGroup() {
        return settings.operate().isEmpty() ? Access.CHANGE : Access.READ;
    }

    private static Optional<Access> greater(Optional<Access> one, Access other) {
        return one.filter(most -> most.compareTo(other) > 0).or(() -> Optional.of(other));
    }

    private static boolean names(List<AccessSettings.Member> members, UserGroups account) {
        return AccessSettings.names(members, account.uid(), account.groups());
    }

    /**
     * Returns a user by its name in the system, or by its number where it has no name. A name that is a number is
     * ambiguous, and yields no user.
     */
    private static Optional<UserGroups> account(String user) {
        Optional<User> known = User.named(user);
        Optional<Integer> number = User.number(user);
        if (number.isPresent()) {
            return known.isPresent() ? Optional.empty() : Optional.of(new UserGroups(number.get(), Set.of()));
        }
        return known.map(found -> new UserGroups(found.uid(), Set.copyOf(found.groups(found.gid()))));
    }

    @Override
    public String holders(Access role) {
        return switch (role) {
            case READ ->
                settings.read().isEmpty()
                        ? "members of the socket's group have it, and users in `access: { read: … }` of the settings"
                        : "users in `access: { read: … }` of the settings have it";
            case CHANGE ->
                settings.operate().isEmpty()
                        ? "members of the socket's group have it"
                        : "users in `access: { operate: … }` of the settings have it";
            case ADMINISTER ->
                "root and the daemon's own user have it, and users in `access: { administer: … }` of the settings";
        };
    }
}
