package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.event.Topic;
import io.leprechaun.daemon.history.ClockLog.ClockEvent;
import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.util.List;
import java.util.stream.Stream;

/** The words of the daemon's enums in the answers of the API. */
final class ApiWords {
    private ApiWords() {}

    /** Returns the words of an enum by the name that the OpenAPI skeleton gives it. */
    static List<String> of(String name) {
        Stream<String> words = switch (name) {
            case "RunState" -> Stream.of(RunState.values()).map(RunState::word);
            case "StepState" -> Stream.of(StepState.values()).map(StepState::word);
            case "ClockEvent" -> Stream.of(ClockEvent.values()).map(ClockEvent::word);
            case "AgentStatus" -> Stream.of(Status.values()).map(Status::word);
            case "LockMode" -> Stream.of(Lock.Mode.values()).map(Lock.Mode::word);
            case "MuteKind" -> Stream.of(Mute.Extent.values()).map(Mute.Extent::word);
            case "NoticeKind" -> Stream.of(NoticeEvent.values()).map(NoticeEvent::word);
            case "Topic" -> Stream.of(Topic.values()).map(Topic::word);
            default -> throw new IllegalArgumentException("unknown enum " + name);
        };
        return words.toList();
    }
}
