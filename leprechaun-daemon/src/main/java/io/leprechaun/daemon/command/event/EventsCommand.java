package io.leprechaun.daemon.command.event;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.event.Event;
import io.leprechaun.daemon.event.Events;
import io.leprechaun.daemon.event.Topic;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command {@code events}: reports events as they happen. */
public record EventsCommand(Events events, RecipeLookup recipes, RunDocument documents, InstantSource clock)
        implements Handler.Answer {
    /** The topics of a recipe. */
    private static final Set<Topic> OF_RECIPE = EnumSet.of(Topic.RUN, Topic.STEP, Topic.RECIPE);
    /** The largest number of events at once. */
    private static final int BATCH = 512;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    /** The time after which a stream notices that its reader has left. */
    private static final Duration TURN = Duration.ofSeconds(1);
    /** The time between two groups of events, in milliseconds: in a busy hour many are sent together. */
    private static final long PACE = 50;
    /** The number of turns without an event after which a sign of life is sent. */
    private static final int SILENT_TURNS = 15;

    private static final String LOST = "events were lost: `leprechaun runs` has all runs\n";

    @Override
    public Reply to(Arguments arguments, Call call) {
        Predicate<Event> wanted = wanted(arguments);
        Optional<String> after = arguments.value("--after");
        String caller = call.caller().user();
        var view = new EventView(events, documents);
        if (arguments.value("--wait").isPresent()) {
            Duration wait = wait(arguments.value("--wait").get());
            return poll(call, view, wanted, after, wait);
        }
        return new Reply.Stream(
                out -> follow(out, EventForm.TEXT, view, caller, wanted, after),
                ExitCode.OK,
                Optional::empty,
                Map.of(
                        Reply.StreamForm.LINES,
                        out -> follow(out, EventForm.LINES, view, caller, wanted, after),
                        Reply.StreamForm.EVENTS,
                        out -> follow(out, EventForm.SENT, view, caller, wanted, after)));
    }

    private static Duration wait(String typed) {
        Duration wait = typed.equals("0") ? Duration.ZERO : TimeParser.duration(typed);
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private Predicate<Event> wanted(Arguments arguments) {
        Optional<String> recipe =
                arguments.value("--recipe").map(name -> recipes.past(name).value());
        Set<Topic> topics = arguments
                .value("--topics")
                .map(EventsCommand::topics)
                .orElse(recipe.isPresent() ? OF_RECIPE : EnumSet.allOf(Topic.class));
        return event -> topics.contains(event.topic())
                && (recipe.isEmpty()
                        || event.recipe().isEmpty()
                        || event.recipe().equals(recipe));
    }

    private static Set<Topic> topics(String words) {
        return Stream.of(words.split(",", -1))
                .map(word -> Topic.of(word.strip())
                        .orElseThrow(() -> new ProblemException(
                                Problem.usage("invalid topic '" + word.strip() + "': use some of " + allTopics()))))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String allTopics() {
        return Stream.of(Topic.values()).map(Topic::word).collect(Collectors.joining(", "));
    }

    private Events.Reader read(String caller, Predicate<Event> wanted, Optional<String> after) {
        return events.read(caller, wanted, after)
                .orElseThrow(() -> new ProblemException(new Problem(
                        503, "Unavailable", "too many readers of events: end some of them", ExitCode.REFUSED)));
    }

    /** Answers with the events after one, at once or when there is one. */
    private Reply poll(Call call, EventView view, Predicate<Event> wanted, Optional<String> after, Duration wait) {
        try (var reader = read(call.caller().user(), wanted, after)) {
            var found = new Found();
            call.patience().during(() -> found.batch = reader.next(wait, BATCH));
            List<Event> some = found.batch instanceof Events.Batch.Next next ? next.events() : List.of();
            boolean lost = found.batch instanceof Events.Batch.Gap;
            return Reply.of(
                    Map.of(
                            "after",
                            reader.position(),
                            "resync",
                            lost,
                            "events",
                            some.stream().map(view::data).toList()),
                    screen -> (lost ? LOST : "") + some.stream().map(view::line).collect(Collectors.joining()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.refused("the caller has disconnected"));
        }
    }

    private static final class Found {
        private Events.Batch batch = new Events.Batch.Next(List.of());
    }

    private void follow(
            OutputStream out,
            EventForm form,
            EventView view,
            String caller,
            Predicate<Event> wanted,
            Optional<String> after)
            throws IOException {
        try (var reader = read(caller, wanted, after)) {
            var hello = view.signal(reader.position(), "hello");
            hello.put("life", events.life());
            hello.put("version", events.version());
            hello.put("now", documents.time(clock.instant()));
            hello.put("zone", documents.zone().getId());
            send(out, form.of(hello, ""));
            int silent = 0;
            while (true) {
                switch (reader.next(TURN, BATCH)) {
                    case Events.Batch.Next next
                    when next.events().isEmpty() -> {
                        silent++;
                        send(out, silent % SILENT_TURNS == 0 ? form.beat() : "");
                    }
                    case Events.Batch.Next next -> {
                        silent = 0;
                        var text = new StringBuilder();
                        next.events().forEach(event -> text.append(form.of(view.data(event), view.line(event))));
                        send(out, text.toString());
                        Thread.sleep(PACE);
                    }
                    case Events.Batch.Gap gap -> send(out, form.of(view.signal(reader.position(), "resync"), LOST));
                    case Events.Batch.End end -> {
                        send(out, form.of(view.signal(reader.position(), "bye"), "the daemon stops\n"));
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server ends
        }
    }

    /** Sends a text. Flushing also notices that the reader has left. */
    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
