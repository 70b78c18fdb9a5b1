package io.leprechaun.daemon.recipe;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What only one recipe can have: its name, and its hook's id. Not thread-safe. */
public final class Claims {
    private final Map<String, Path> owners = new HashMap<>();

    /** Takes what a recipe claims, if all of it is free; otherwise says what is not, and takes nothing. */
    public Optional<String> take(Recipe recipe) {
        Map<String, String> claims = claims(recipe);
        for (var claim : claims.entrySet()) {
            Path owner = owners.get(claim.getKey());
            if (owner != null) {
                return Optional.of(
                        claim.getValue() + " is " + owner + "'s already; change it in one of the two files, here in "
                                + recipe.origin().file());
            }
        }
        claims.keySet().forEach(claim -> owners.put(claim, recipe.origin().file()));
        return Optional.empty();
    }

    /** Whether a recipe claims nothing but what another version of it has. */
    static boolean same(Recipe one, Recipe other) {
        return claims(one).keySet().equals(claims(other).keySet());
    }

    /** Each claim, and what it is for people. */
    private static Map<String, String> claims(Recipe recipe) {
        var claims = new LinkedHashMap<String, String>();
        claims.put("name " + recipe.name(), "the name '" + recipe.name() + "'");
        recipe.trigger(Trigger.Hook.class)
                .ifPresent(hook -> claims.put("hook " + hook.id(), "the hook id '" + hook.id() + "'"));
        return claims;
    }
}
