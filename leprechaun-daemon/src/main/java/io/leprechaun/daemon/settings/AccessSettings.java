package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Place;
import io.leprechaun.daemon.yaml.Problems;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The users and groups of this host that may use the daemon, besides root and the daemon's own user. Immutable.
 *
 * @param socketGroup the group whose members may write to the socket, by name or number; empty: as the installation has
 *     it
 * @param administer the users and groups that may do everything
 * @param operate the users and groups that may change something; empty: all that may write to the socket
 * @param read the users and groups that may read without being in the socket's group; empty: there is no socket for
 *     readers
 */
public record AccessSettings(
        Optional<String> socketGroup, List<Member> administer, List<Member> operate, List<Member> read) {
    /** The default settings: no roles. */
    public static final AccessSettings DEFAULTS = new AccessSettings(Optional.empty(), List.of(), List.of(), List.of());

    public AccessSettings {
        administer = List.copyOf(administer);
        operate = List.copyOf(operate);
        read = List.copyOf(read);
    }

    /**
     * A user, or all members of a group.
     *
     * @param name the name or number
     * @param place its place in the settings file
     */
    public record Member(String name, boolean group, Place place) {
        private static Member parse(String text, Place place) {
            boolean group = text.startsWith("@");
            String name = group ? text.substring(1) : text;
            if (!MappingReader.isAccount(name)) {
                throw new IllegalArgumentException("invalid user or group '" + text
                        + "': use NAME for a user, \"@NAME\" for a group; " + MappingReader.ACCOUNTS);
            }
            return new Member(name, group, place);
        }

        /** Returns the number of the user or group; empty: this host has none of the name. */
        public Optional<Integer> number() {
            return group
                    ? User.group(name)
                    : User.number(name).or(() -> User.named(name).map(User::uid));
        }
    }

    static AccessSettings read(MappingReader root) {
        Optional<String> group = AccessKeys.SOCKET_GROUP.read(root);
        Optional<MappingReader> access = AccessKeys.ACCESS.read(root);
        if (access.isEmpty()) {
            return new AccessSettings(group, List.of(), List.of(), List.of());
        }
        MappingReader fields = access.get();
        var settings = new AccessSettings(
                group,
                AccessKeys.ADMINISTER.or(fields, List.of()),
                AccessKeys.OPERATE.or(fields, List.of()),
                AccessKeys.READ.or(fields, List.of()));
        fields.done();
        return settings;
    }

    static List<Member> members(MappingReader fields, String key) {
        return fields.list(key, text -> Member.parse(text, fields.place(key)));
    }

    /**
     * Returns whether a user is among these members.
     *
     * @param groups the numbers of all groups of the user
     */
    public static boolean names(List<Member> members, int uid, Collection<Integer> groups) {
        return members.stream()
                .anyMatch(member -> member.number()
                        .filter(number -> member.group() ? groups.contains(number) : uid == number)
                        .isPresent());
    }

    /** Returns the members of all roles. */
    public List<Member> all() {
        return Stream.of(administer, operate, read).flatMap(List::stream).toList();
    }

    /**
     * Warns of users and groups that are not on this host. They give a role to no user, which is no error, because one
     * file may serve several hosts.
     */
    public static void warnOfAbsent(List<Member> members, Problems problems) {
        for (var member : members) {
            if (member.number().isEmpty()) {
                problems.warn(
                        member.place(),
                        "no " + (member.group() ? "group" : "user") + " '" + member.name() + "' on this host; add it,"
                                + " or remove this entry");
            }
        }
    }
}
