package io.leprechaun.daemon.recipe.folder;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.yaml.Nearest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The claims of recipes that only one can have: its name, its hook's id, and its place among those that run after one
 * another. Not thread-safe.
 */
public final class Claims {
    private final Map<String, Path> owners = new HashMap<>();
    private final Map<RecipeName, List<RecipeName>> after = new HashMap<>();
    /** The names of all recipes, including refused ones. */
    private final Set<RecipeName> named = new HashSet<>();

    /** Takes the claims of a recipe, if all of them are free. Otherwise returns the conflict, and takes nothing. */
    public Optional<String> take(Recipe recipe) {
        named.add(recipe.name());
        Map<String, String> claims = claims(recipe);
        for (var claim : claims.entrySet()) {
            Path owner = owners.get(claim.getKey());
            if (owner != null) {
                return Optional.of(claim.getValue() + " is already used by " + owner + "; change it there, or in "
                        + recipe.origin().file());
            }
        }
        Optional<String> circle = circle(recipe);
        if (circle.isPresent()) {
            return circle;
        }
        claims.keySet().forEach(claim -> owners.put(claim, recipe.origin().file()));
        after.put(recipe.name(), dependencies(recipe));
        return Optional.empty();
    }

    private static List<RecipeName> dependencies(Recipe recipe) {
        return recipe.trigger(Trigger.After.class)
                .map(trigger -> trigger.dependencies().stream()
                        .map(Trigger.Dependency::recipe)
                        .toList())
                .orElse(List.of());
    }

    /** Returns the recipes that would wait for each other if this one were taken. */
    private Optional<String> circle(Recipe recipe) {
        return dependencies(recipe).stream()
                .flatMap(first -> path(first, recipe.name(), new HashSet<>()).stream())
                .findFirst()
                .map(path -> "`after` forms a cycle: " + recipe.name() + " waits for "
                        + path.stream().map(RecipeName::value).collect(Collectors.joining(", that for "))
                        + "; remove one of them");
    }

    private Optional<List<RecipeName>> path(RecipeName from, RecipeName to, Set<RecipeName> seen) {
        if (from.equals(to)) {
            return Optional.of(List.of(to));
        }
        if (!seen.add(from)) {
            return Optional.empty();
        }
        return after.getOrDefault(from, List.of()).stream()
                .flatMap(next -> path(next, to, seen).stream())
                .findFirst()
                .map(rest -> Stream.concat(Stream.of(from), rest.stream()).toList());
    }

    /**
     * Returns the missing recipe that this one runs after, in a sentence. Called when all recipes have taken their
     * claims.
     */
    public Optional<String> missing(Recipe recipe) {
        var names = named.stream()
                .filter(name -> name.owner().equals(recipe.name().owner())) // its author may not know the others
                .map(RecipeName::value)
                .toList();
        return dependencies(recipe).stream()
                .filter(name -> !named.contains(name))
                .findFirst()
                .map(name -> "`after`: unknown recipe '" + name + "'"
                        + Nearest.to(name.value(), names)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("; this recipe is never due until that one exists"));
    }

    /** Returns whether two versions of a recipe have the same claims. */
    static boolean same(Recipe one, Recipe other) {
        return claims(one).keySet().equals(claims(other).keySet());
    }

    /**
     * Returns each claim with its description for people. Readers of the message that a recipe is broken need not learn
     * a hook's id.
     */
    private static Map<String, String> claims(Recipe recipe) {
        var claims = new LinkedHashMap<String, String>();
        claims.put("name " + recipe.name(), "the name '" + recipe.name() + "'");
        recipe.trigger(Trigger.Hook.class).ifPresent(hook -> claims.put("hook " + hook.id(), "the hook id"));
        dependencies(recipe)
                .forEach(other -> claims.put("after " + recipe.name() + " " + other, "that it runs after " + other));
        return claims;
    }
}
