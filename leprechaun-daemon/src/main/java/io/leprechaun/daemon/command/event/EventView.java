package io.leprechaun.daemon.command.event;

import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.event.Event;
import io.leprechaun.daemon.event.Events;
import io.leprechaun.daemon.units.LogValue;
import io.leprechaun.daemon.view.RunDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as documents, and as lines for users. */
record EventView(Events events, RunDocument documents) {
    /** Returns an event for programs. */
    Map<String, @Nullable Object> data(Event event) {
        var data = signal(events.id(event.number()), event.topic().word());
        data.put("at", documents.time(event.at()));
        event.recipe().ifPresent(recipe -> data.put("recipe", recipe));
        data.putAll(event.data());
        return data;
    }

    /** Returns the beginning of a document. */
    Map<String, @Nullable Object> signal(String id, String topic) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", id);
        data.put("topic", topic);
        return data;
    }

    /** Returns an event for users: its time, its topic, and its facts as in the log. A line with its end. */
    String line(Event event) {
        var line = new StringBuilder(documents.local(event.at()))
                .append(' ')
                .append(event.topic().word());
        event.recipe().ifPresent(recipe -> line.append(" recipe=").append(LogValue.of(Printable.of(recipe))));
        event.data().forEach((name, fact) -> {
            if (fact != null) {
                line.append(' ').append(name).append('=').append(LogValue.of(Printable.of(String.valueOf(fact))));
            }
        });
        return line.append('\n').toString();
    }
}
