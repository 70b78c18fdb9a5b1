package io.leprechaun.daemon.notify;

import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Style;
import io.leprechaun.api.Table;
import io.leprechaun.api.Table.Cell;
import io.leprechaun.api.Table.Column;
import io.leprechaun.api.Text;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.NoticeEvent;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of notices: which wait and which failed ({@code notices}), whether they arrive at all ({@code notify test}), and not to be told of a recipe ({@code ack},
 * {@code snooze}).
 *
 * @param isRecipe whether there is a recipe of this name, working or broken
 */
public record Notices(
        Outbox outbox, List<Target> targets, Predicate<String> isRecipe, RunDocument documents, InstantSource clock)
        implements Registrator {
    private static final int MOST = 1000;
    private static final Duration LONGEST_SILENCE = Duration.ofDays(365);
    private static final String NOBODY = "nobody is told: the settings have no `notify: { mail: ... }` and no webhooks";

    @Override
    public String name() {
        return "notify";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(
                Handler.reads("list", this::list),
                Handler.changes("test", this::test),
                Handler.changes("ack", call -> silence(call, Mute.Kind.ACK)),
                Handler.changes("snooze", call -> silence(call, Mute.Kind.SNOOZE)));
    }

    private Reply list(Call call) {
        Verbs.answeredBy("notify", "list").parse(call.arguments());
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<List<Cell>>();
        var ids = new ArrayList<String>();
        Instant now = clock.instant();
        for (Outbox.Entry entry : outbox.entries(MOST)) {
            Notice notice = entry.notice();
            Optional<String> why = entry.givenUp()
                    .or(() -> named(entry.target())
                            .map(whom -> whom.notifier().trouble(notice.id()))
                            .orElse(Optional.of("the settings name no " + entry.target() + " any more")));
            boolean waits = entry.givenUp().isEmpty();
            data.add(data(entry, waits, why));
            rows.add(List.of(
                    Cell.of(notice.id()),
                    Cell.of(Durations.distance(notice.at(), now)),
                    Cell.of(entry.target()
                            + (notice.left().isEmpty() ? "" : " to " + String.join(", ", notice.left()))),
                    Cell.of(notice.kind().word()),
                    Cell.of(notice.sentence()),
                    Cell.of(waits ? "waits" : "given up", waits ? Style.WARN : Style.BAD),
                    why.map(Cell::of).orElse(Cell.NONE)));
            ids.add(String.valueOf(notice.id()));
        }
        var silences = new TreeMap<>(outbox.silences());
        silences.values().removeIf(silence -> !silence.holds(now));
        var table = new Table(
                List.of(
                        Column.right("notice"),
                        Column.left("since"),
                        Column.left("by"),
                        Column.left("kind"),
                        Column.shrinking("what"),
                        Column.left("state"),
                        Column.shrinking("why")),
                rows,
                !people().isEmpty() ? "nothing waits to be told" : NOBODY);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("notices", data);
        answer.put(
                "silences",
                silences.entrySet().stream()
                        .map(one -> data(one.getKey(), one.getValue()))
                        .toList());
        return Reply.of(
                answer,
                screen -> table.render(screen)
                        + Text.lines(silences.entrySet().stream()
                                        .map(one -> sentence(one.getKey(), one.getValue()))
                                        .toList())
                                .render(screen),
                ids);
    }

    private Map<String, ?> data(Outbox.Entry entry, boolean waits, Optional<String> why) {
        Notice notice = entry.notice();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", notice.id());
        data.put("target", entry.target());
        data.put("to", notice.left());
        data.put("kind", notice.kind().word());
        switch (notice.about()) {
            case Notice.About.Ended(Run run) -> {
                data.put("run", run.id());
                data.put("recipe", run.order().recipe().value());
            }
            case Notice.About.Found found -> {
                data.put("run", null);
                data.put("recipe", null);
            }
        }
        data.put("sentence", notice.sentence());
        data.put("since", documents.time(notice.at()));
        data.put("state", waits ? "waiting" : "given_up");
        data.put("why", why.orElse(null));
        return data;
    }

    private Reply silence(Call call, Mute.Kind kind) {
        var arguments = Verbs.answeredBy("notify", "ack").parse(call.arguments());
        String named = arguments.operand(0, "RECIPE");
        if (!RecipeName.isValid(named) || !isRecipe.test(named)) {
            throw new ProblemException(Problem.notFound("there is no recipe '" + named + "'"));
        }
        var recipe = new RecipeName(named);
        if (arguments.has("--off")) {
            boolean silent = outbox.silences().containsKey(recipe);
            outbox.silence(recipe, Optional.empty()).join();
            String line = recipe + (silent ? " is told of again" : " was not silent");
            var data = new LinkedHashMap<String, Object>();
            data.put("recipe", named);
            data.put("silent", false);
            return Reply.of(data, Text.line(line), List.of(named));
        }
        Instant now = clock.instant();
        var until = arguments.value("--for").map(text -> now.plus(span(text)));
        if (kind == Mute.Kind.SNOOZE && until.isEmpty()) {
            throw new ProblemException(Problem.usage("for how long? write `leprechaun snooze " + named
                    + " --for 2h`; `leprechaun ack " + named + "` lasts until it succeeds"));
        }
        var reason = arguments.sentence("--reason");
        var silence = new Mute(kind, now, until, call.caller().user(), reason);
        outbox.silence(recipe, Optional.of(silence)).join();
        return Reply.of(data(recipe, silence), Text.line(sentence(recipe, silence)), List.of(named));
    }

    private static Duration span(String text) {
        try {
            return MappingReader.between(text, Duration.ofSeconds(1), LONGEST_SILENCE);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage("--for: " + e.getMessage()));
        }
    }

    private String sentence(RecipeName recipe, Mute silence) {
        String until = silence.until().map(at -> "until " + documents.local(at)).orElse("until it succeeds");
        String what = silence.kind() == Mute.Kind.ACK ? "its trouble is known and not told " : "nothing is told ";
        return recipe + ": " + what + until + ", said " + silence.by() + " " + documents.local(silence.at())
                + silence.reason().map(why -> ": " + why).orElse("");
    }

    private Map<String, ?> data(RecipeName recipe, Mute silence) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("recipe", recipe.value());
        data.put("silent", true);
        data.put("kind", silence.kind().word());
        data.put("since", documents.time(silence.at()));
        data.put("until", documents.time(silence.until()));
        data.put("by", silence.by());
        data.put("reason", silence.reason().orElse(null));
        return data;
    }

    private List<Target> people() {
        return targets.stream()
                .filter(target -> !target.name().equals(NotifyRules.PING))
                .toList();
    }

    private Optional<Target> named(String name) {
        return targets.stream().filter(target -> target.name().equals(name)).findFirst();
    }

    /** Asks at once, whatever waits: who tests wants to know what the other side says. */
    private Reply test(Call call) {
        Verbs.answeredBy("notify", "test").parse(call.arguments());
        if (people().isEmpty()) {
            throw new ProblemException(Problem.refused(NOBODY));
        }
        String sentence = "this is a test that " + call.caller().user() + " asked for";
        var notice = new Notice(0, NoticeEvent.TEST, new Notice.About.Found(sentence, clock.instant()));
        var data = new ArrayList<Map<String, ?>>();
        var lines = new ArrayList<String>();
        boolean sent = true;
        for (Target whom : people()) {
            Answer answer = test(whom, notice);
            var one = new LinkedHashMap<String, @Nullable Object>();
            one.put("target", whom.name());
            one.put("where", whom.where());
            one.put("sent", answer.isTaken());
            one.put("why", answer.why().orElse(null));
            one.put("refused", answer.refusals().stream().map(Notices::data).toList());
            data.add(one);
            lines.addAll(answer.lines(whom));
            sent &= answer.isTaken();
        }
        return new Reply.Document(
                Map.of("targets", data),
                Text.lines(lines),
                people().stream().map(Target::name).toList(),
                sent ? ExitCode.OK : ExitCode.FAILED);
    }

    /**
     * What the other side says.
     *
     * @param why it was sent to nobody
     * @param refusals to whom alone it was not sent
     */
    private record Answer(Optional<String> why, List<Outbox.Refusal> refusals) {
        boolean isTaken() {
            return why.isEmpty() && refusals.isEmpty();
        }

        List<String> lines(Target whom) {
            if (why.isPresent()) {
                return List.of(whom.name() + ": not sent to " + whom.where() + ": " + why.get());
            }
            var lines = new ArrayList<String>();
            lines.add(whom.name() + ": taken for " + whom.where() + (refusals.isEmpty() ? "" : ", except:"));
            refusals.forEach(refusal -> lines.add(whom.name() + ": not taken for " + refusal.address()
                    + (refusal.forGood() ? ": " : " now: ") + refusal.why()));
            return lines;
        }
    }

    private static Map<String, ?> data(Outbox.Refusal refusal) {
        var data = new LinkedHashMap<String, Object>();
        data.put("to", refusal.address());
        data.put("for_good", refusal.forGood());
        data.put("why", refusal.why());
        return data;
    }

    private static Answer test(Target whom, Notice notice) {
        try (var sender = whom.sender().get()) {
            return new Answer(Optional.empty(), sender.send(List.of(notice)));
        } catch (NotSentException e) {
            return new Answer(Optional.of(String.valueOf(e.getMessage())), List.of());
        }
    }
}
