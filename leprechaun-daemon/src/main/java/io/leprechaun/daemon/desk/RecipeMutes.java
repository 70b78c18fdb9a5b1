package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The commands that mute recipes, and the list of mute recipes. */
public record RecipeMutes(Outbox outbox, RecipeLookup recipes, RunDocument documents, InstantSource clock) {
    private static final Duration LONGEST_SILENCE = Duration.ofDays(365);

    /** Mutes a recipe, or with {@code --off} ends its silence. */
    public Reply change(Mute.Extent kind, Arguments arguments, Call call) {
        String named = arguments.operand(0, "RECIPE");
        if (!RecipeName.isValid(named) || recipes.book().entry(named).isEmpty()) {
            throw RecipeLookup.unknown(named, recipes.present());
        }
        var recipe = new RecipeName(named);
        if (arguments.has("--off")) {
            boolean silent = outbox.silences().containsKey(recipe);
            outbox.silence(recipe, Optional.empty()).join();
            String line = recipe + (silent ? " is no longer silent" : " was not silent");
            var data = new LinkedHashMap<String, Object>();
            data.put("recipe", named);
            data.put("silent", false);
            return Reply.of(data, Text.line(line), List.of(named));
        }
        Instant now = clock.instant();
        var until = arguments.value("--for").map(text -> now.plus(span(text)));
        if (kind == Mute.Extent.SNOOZE && until.isEmpty()) {
            throw new ProblemException(Problem.usage("--for is missing: use `leprechaun snooze " + named
                    + " --for 2h`, or `leprechaun ack " + named + "` until it succeeds"));
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

    /** Returns the recipes that are mute. */
    public SortedMap<RecipeName, Mute> now() {
        Instant now = clock.instant();
        var silences = new TreeMap<>(outbox.silences());
        silences.values().removeIf(silence -> !silence.holds(now));
        return silences;
    }

    /** Returns a sentence about a mute recipe. */
    public String sentence(RecipeName recipe, Mute silence) {
        String until = silence.until().map(at -> "until " + documents.local(at)).orElse("until it succeeds");
        String what = silence.kind() == Mute.Extent.ACK ? "acknowledged, no failure notices " : "no notices ";
        return recipe + ": " + what + until + ", set by " + silence.by() + " at " + documents.local(silence.at())
                + silence.reason().map(why -> ": " + why).orElse("");
    }

    /** Returns a mute recipe for {@code --json}. */
    public Map<String, ?> data(RecipeName recipe, Mute silence) {
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
}
