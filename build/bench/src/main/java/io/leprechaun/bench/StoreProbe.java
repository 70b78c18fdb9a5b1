package io.leprechaun.bench;

import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.yaml.Problems;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** The measurement of accepted runs in a store of the built tree, singly and many at once. Started by {@link Hooks} with the tree's jars. */
final class StoreProbe {
    private StoreProbe() {}

    public static void main(String[] words) {
        int count = Integer.parseInt(words[0]);
        var reader = RecipeReader.of(Settings.defaults(Path.of("/"), ZoneOffset.UTC), new Problems());
        Recipe recipe = reader.read(new Origin(Path.of("/bench.yml"), "steps: [ 'true' ]", "hash"), new Problems())
                .orElseThrow();
        try (var store = SqliteStore.open(Path.of(words[1]))) {
            for (int i = 0; i < count; i++) {
                accept(store, recipe).join(); // warm
            }
            double[] micros = new double[count];
            for (int i = 0; i < count; i++) {
                long begun = System.nanoTime();
                accept(store, recipe).join();
                micros[i] = (System.nanoTime() - begun) / 1e3;
            }
            Arrays.sort(micros);
            long begun = System.nanoTime();
            for (int i = 0; i < count / 10; i++) {
                var together = new CompletableFuture<?>[100];
                Arrays.setAll(together, unused -> accept(store, recipe));
                CompletableFuture.allOf(together).join();
            }
            double each = (System.nanoTime() - begun) / 1e3 / (count / 10 * 100);
            System.out.printf("%.1f us a record, %.1f us of a hundred%n", micros[count / 2], each);
        }
    }

    private static CompletableFuture<Void> accept(SqliteStore store, Recipe recipe) {
        var order = new RunSpec(recipe.name(), "hash", AgentName.SERVER, 0, Cause.requested(TriggerKind.HOOK, "127.0.0.1"));
        return store.accept(Run.accepted(store.nextId(), order, Instant.now()), recipe, Input.NONE);
    }
}
