package io.leprechaun.daemon;

import io.leprechaun.daemon.desk.NoticeTarget;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.Target;
import java.util.List;
import java.util.Optional;

/** A target of the notifier as commands see it. */
record NotifyTarget(Target target) implements NoticeTarget {
    @Override
    public String name() {
        return target.name();
    }

    @Override
    public String where() {
        return target.where();
    }

    @Override
    public Optional<String> trouble(long notice) {
        return target.notifier().trouble(notice);
    }

    @Override
    public Sent send(Notice notice) {
        try (var sender = target.sender().get()) {
            return new Sent(Optional.empty(), sender.send(List.of(notice)));
        } catch (NotSentException e) {
            return new Sent(Optional.of(String.valueOf(e.getMessage())), List.of());
        }
    }
}
