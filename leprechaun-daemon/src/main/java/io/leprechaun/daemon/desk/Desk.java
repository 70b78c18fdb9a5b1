package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.recipe.RecipeBook;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.worker.Dispatcher;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What lies on the desk of whoever answers people.
 *
 * @param recipes as they are now
 */
public record Desk(
        Supplier<RecipeBook> recipes,
        RunStore store,
        Dispatcher dispatcher,
        RunDocument documents,
        InstantSource clock) {}
