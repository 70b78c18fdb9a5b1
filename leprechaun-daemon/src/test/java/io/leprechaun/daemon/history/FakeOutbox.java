package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An outbox in memory, written by the changes of its store, one at a time. It makes no notices of runs by itself. */
final class FakeOutbox implements Outbox {
    private static final int GIVEN_UP_KEPT = 1000;

    private final FakeStore store;
    private final ConcurrentSkipListMap<Long, OutboxEntry> entries = new ConcurrentSkipListMap<>();
    private final Map<RecipeName, Mute> silences = new ConcurrentHashMap<>();
    private long lastId;

    FakeOutbox(FakeStore store) {
        this.store = store;
    }

    private void add(NoticeEvent kind, Notice.About about, List<String> left, String target, Optional<String> givenUp) {
        entries.put(++lastId, new OutboxEntry(new Notice(lastId, kind, about, left), target, givenUp));
    }

    private Stream<OutboxEntry> entries(boolean givenUp) {
        return entries.values().stream().filter(entry -> entry.givenUp().isPresent() == givenUp);
    }

    @Override
    public CompletableFuture<Void> tell(NoticeEvent kind, Notice.About.Alert found, List<String> targets) {
        return store.change(() -> {
            targets.forEach(target -> add(kind, found, List.of(), target, Optional.empty()));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> begun(Run run) {
        Instant useful = run.times().queuedAt().minus(NoticePolicy.LONGEST_PING_DELAY);
        return store.change(() -> {
            entries.values()
                    .removeIf(entry -> entry.target().equals(NotifyRules.PING)
                            && entry.notice().about() instanceof Notice.About.RunEnded(Run earlier)
                            && earlier.order().recipe().equals(run.order().recipe())
                            && earlier.times().queuedAt().isBefore(useful));
            add(NoticeEvent.START, new Notice.About.RunEnded(run), List.of(), NotifyRules.PING, Optional.empty());
            return null;
        });
    }

    @Override
    public List<Notice> unsent(String target, int limit) {
        return entries(false)
                .filter(entry -> entry.target().equals(target))
                .map(OutboxEntry::notice)
                .limit(limit)
                .toList();
    }

    @Override
    public CompletableFuture<Void> sent(List<Long> notices, List<Refusal> refusals) {
        return store.change(() -> {
            notices.stream().flatMap(this::find).toList().forEach(entry -> sent(entry, refusals));
            forgetGivenUp();
            return null;
        });
    }

    private Stream<OutboxEntry> find(long notice) {
        return Stream.ofNullable(entries.get(notice));
    }

    private void sent(OutboxEntry entry, List<Refusal> refusals) {
        Notice notice = entry.notice();
        refusals.stream()
                .filter(Refusal::forGood)
                .forEach(lost -> add(
                        notice.kind(),
                        notice.about(),
                        List.of(lost.address()),
                        entry.target(),
                        Optional.of(lost.why())));
        List<String> left = refusals.stream()
                .filter(refusal -> !refusal.forGood())
                .map(Refusal::address)
                .toList();
        if (left.isEmpty()) {
            entries.remove(notice.id());
        } else {
            var rest = new Notice(notice.id(), notice.kind(), notice.about(), left);
            entries.put(notice.id(), new OutboxEntry(rest, entry.target(), entry.givenUp()));
        }
    }

    @Override
    public CompletableFuture<Void> givenUp(long notice, String why) {
        return store.change(() -> {
            entries.computeIfPresent(
                    notice, (id, entry) -> new OutboxEntry(entry.notice(), entry.target(), Optional.of(why)));
            forgetGivenUp();
            return null;
        });
    }

    private void forgetGivenUp() {
        var givenUp = entries(true).toList();
        givenUp.stream()
                .limit(Math.max(0, givenUp.size() - GIVEN_UP_KEPT))
                .forEach(entry -> entries.remove(entry.notice().id()));
    }

    @Override
    public List<OutboxEntry> entries(int limit) {
        return Stream.concat(entries(true).limit(limit), entries(false).limit(limit))
                .toList();
    }

    @Override
    public CompletableFuture<Void> silence(RecipeName recipe, Optional<Mute> silence) {
        return store.change(() -> {
            silence.ifPresentOrElse(now -> silences.put(recipe, now), () -> silences.remove(recipe));
            return null;
        });
    }

    @Override
    public Map<String, Long> waiting() {
        return entries(false).collect(Collectors.groupingBy(OutboxEntry::target, Collectors.counting()));
    }

    @Override
    public Map<RecipeName, Mute> silences() {
        return Map.copyOf(silences);
    }
}
