package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.process.Identity;
import io.leprechaun.daemon.recipe.Who;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The users of this host that steps may run as.
 *
 * @param own the daemon's account
 */
public record Accounts(Account own) {
    /**
     * Returns the accounts for a daemon that runs as the user of this process; its home is {@code HOME} if that is an
     * absolute path.
     */
    public static Accounts ofHost() {
        User user = User.current();
        Path home = Optional.ofNullable(System.getenv("HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(user.home());
        return new Accounts(new Account(user.name(), home, Optional.empty()));
    }

    /**
     * Returns the account that a recipe names, looked up now.
     *
     * @throws RefusedException when there is no such user or group
     */
    public Account of(Who who) throws RefusedException {
        if (who.owner().isPresent()) {
            return owner(who.owner().getAsInt());
        }
        Optional<String> name = who.named(Self.uid() == 0);
        if (name.isEmpty() && who.group().isEmpty()) {
            return own;
        }
        User user =
                name.isEmpty() ? User.current() : user(name.get(), who.group().isPresent());
        int gid = who.group().isEmpty() ? user.gid() : group(who.group().get());
        boolean same = user.uid() == Self.uid() && gid == Self.gid();
        var identity = new Identity(user.name(), user.uid(), gid, user.groups(gid));
        return new Account(user.name(), user.home(), same ? Optional.empty() : Optional.of(identity));
    }

    /**
     * Returns the account of an ordinary user, by number alone: the name may belong to another user meanwhile, or look
     * like a number.
     */
    private static Account owner(int uid) throws RefusedException {
        User user = User.numbered(uid)
                .orElseThrow(() -> new RefusedException(
                        "its owner, user " + Integer.toUnsignedString(uid) + ", no longer exists on this host"));
        var identity = new Identity(user.name(), user.uid(), user.gid(), user.groups(user.gid()));
        return new Account(user.name(), user.home(), Optional.of(identity));
    }

    /**
     * Returns a user by name, or by number as chown(1) takes it. A number without an entry needs a named group, and its
     * home is {@code /}.
     *
     * @param grouped whether the group is named
     */
    private static User user(String name, boolean grouped) throws RefusedException {
        Optional<Integer> number = User.number(name);
        Optional<User> known = User.named(name).or(() -> number.flatMap(User::numbered));
        if (known.isEmpty() && number.isPresent() && grouped) {
            return new User(name, number.get(), number.get(), Path.of("/"), Path.of("/bin/sh"));
        }
        return known.orElseThrow(() -> new RefusedException("unknown user '" + name + "' on this host"
                + (number.isPresent() ? ": set its group with `group`, then it needs no entry" : "")));
    }

    private static int group(String name) throws RefusedException {
        return User.group(name).orElseThrow(() -> new RefusedException("unknown group '" + name + "' on this host"));
    }
}
