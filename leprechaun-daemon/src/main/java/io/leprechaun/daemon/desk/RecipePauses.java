package io.leprechaun.daemon.desk;

import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Pauses;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commands that pause and resume recipes, with their answers. */
public record RecipePauses(Pauses pauses, RunDocument documents) {
    /** Returns whether a recipe is paused. */
    public boolean holds(RecipeName recipe, Instant now) {
        return pauses.find(recipe, now).isPresent();
    }

    /** Pauses a recipe. A second pause replaces the end and the reason of the first. */
    public Reply pause(RecipeName recipe, Pause wanted) {
        var before = pauses.find(recipe, wanted.at());
        var pause = new Pause(before.map(Pause::at).orElse(wanted.at()), wanted.until(), wanted.by(), wanted.reason());
        pauses.pause(recipe, pause).join();
        String end = pause.until().map(documents::local).orElse("`leprechaun resume " + recipe + "`");
        return reply(
                recipe,
                Optional.of(pause),
                (before.isPresent() ? "paused again" : "paused") + ": due runs are held until " + end);
    }

    /** Resumes a recipe. */
    public Reply resume(RecipeName recipe, Instant now) {
        boolean paused = holds(recipe, now);
        pauses.resume(recipe).join();
        return reply(recipe, Optional.empty(), paused ? "resumed" : "was not paused");
    }

    private Reply reply(RecipeName recipe, Optional<Pause> pause, String what) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("recipe", recipe.value());
        data.put("paused", pause.map(documents::data).orElse(null));
        return Reply.of(data, Text.line(recipe + " " + what), List.of(recipe.value()));
    }
}
