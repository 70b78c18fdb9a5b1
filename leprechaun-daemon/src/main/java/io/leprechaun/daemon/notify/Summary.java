package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.run.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of notices for programs, by name: subject, text, kind, host, recipe and run. */
public final class Summary {
    private Summary() {}

    /**
     * Returns the values. The kind of several notices is {@code digest}. Recipe and run are empty where there is not
     * exactly one run.
     */
    public static Map<String, String> of(String host, List<Notice> notices, Message message) {
        Notice first = notices.getFirst();
        boolean one = notices.size() == 1;
        String recipe = "";
        String run = "";
        if (one && first.about() instanceof Notice.About.RunEnded(Run ended)) {
            recipe = ended.order().recipe().value();
            run = String.valueOf(ended.id());
        }
        var values = new LinkedHashMap<String, String>();
        values.put("subject", message.subject());
        values.put("text", message.text());
        values.put("kind", one ? first.kind().word() : "digest");
        values.put("host", host);
        values.put("recipe", recipe);
        values.put("run", run);
        return values;
    }
}
