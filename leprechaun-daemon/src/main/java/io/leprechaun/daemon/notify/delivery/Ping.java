package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.notify.Notifier;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.units.WebAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sender of pings to each recipe's own address, as healthchecks.io and similar services expect them. A POST to
 * {@code ADDRESS/start} is a beginning, one to the address a success, one to {@code ADDRESS/fail} a failure. Its body
 * has the details. A service that gets no ping in time detects a failure, even when no daemon is left to report it.
 */
final class Ping implements Notifier.Sender {
    /** The longest body that these services keep, in characters. */
    private static final int LONGEST = 10_000;

    private final Function<RecipeName, Optional<Secret>> addresses;
    private final MessageWriter writer;
    private final Poster poster;

    /** @param addresses the addresses of recipes, as they are now */
    public Ping(Function<RecipeName, Optional<Secret>> addresses, MessageWriter writer, Alarms alarms) {
        this.addresses = addresses;
        this.writer = writer;
        this.poster = new Poster(alarms, Poster.Timeouts.USUAL);
    }

    @Override
    public boolean isForPeople() {
        return false;
    }

    /**
     * Returns the recipe. A service that gets the beginning of a run after its end takes the run for one that hangs.
     */
    @Override
    public Optional<Object> sequence(Notice notice) {
        return notice.about() instanceof Notice.About.RunEnded(Run run)
                ? Optional.of(run.order().recipe())
                : Optional.empty();
    }

    @Override
    public List<Outbox.Refusal> send(List<Notice> notices) throws NotSentException {
        for (Notice notice : notices) {
            if (notice.about() instanceof Notice.About.RunEnded(Run run)) {
                ping(notice, run);
            }
        }
        return List.of();
    }

    /** Pings the address of a run's recipe, unless the recipe has none any more. */
    private void ping(Notice notice, Run run) throws NotSentException {
        Optional<Secret> address = addresses.apply(run.order().recipe());
        if (address.isEmpty()) {
            return;
        }
        String text = notice.kind() == NoticeEvent.FAILURE
                ? writer.message(List.of(notice)).text()
                : notice.sentence() + "\n";
        String body = text.length() <= LONGEST ? text : text.substring(text.length() - LONGEST);
        try {
            URI url = at(
                    WebAddress.ping(address.get().value()),
                    switch (notice.kind()) {
                        case START -> "/start";
                        case SUCCESS -> "";
                        default -> "/fail";
                    });
            poster.post(url, "text/plain; charset=utf-8", Optional.empty(), body);
        } catch (IllegalArgumentException e) {
            throw new NotSentException(
                    SendFault.NOTICE_FOR_GOOD, "the ping of " + run.order().recipe() + ": " + e.getMessage(), e);
        } catch (NotSentException e) { // other recipes have other addresses
            throw e.fault() == SendFault.SERVER
                    ? new NotSentException(SendFault.NOTICE_FOR_NOW, String.valueOf(e.getMessage()), e, e.pause())
                    : e;
        }
    }

    /**
     * Returns an address with a suffix behind its path, and its query behind that. Slashes at the end of the path are
     * dropped.
     */
    private static URI at(URI address, String behind) {
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String path = address.getRawPath().replaceFirst("/+$", "");
        return URI.create(address.getScheme() + "://" + address.getRawAuthority() + path + behind + query);
    }

    @Override
    public void close() {
        poster.close();
    }
}
