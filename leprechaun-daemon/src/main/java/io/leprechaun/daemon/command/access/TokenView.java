package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Access;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The words and documents about tokens. */
public record TokenView(RunDocument documents, InstantSource clock) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** @throws ProblemException (usage) when a token may not have this name */
    public static String name(String text) {
        if (!text.matches(NAME)) {
            throw new ProblemException(Problem.usage("invalid name '" + text
                    + "': use 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first"));
        }
        return text;
    }

    /** @throws ProblemException (usage) for an unknown word */
    public static Access scope(String word) {
        return switch (word) {
            case "read" -> Access.READ;
            case "operate" -> Access.CHANGE;
            case "admin", "administer" -> Access.ADMINISTER;
            default ->
                throw new ProblemException(Problem.usage("invalid scope '" + word + "': use read, operate or admin"));
        };
    }

    /** Returns whether a token is refused because of its age. */
    public boolean isExpired(Token token) {
        return token.isExpired(clock.instant());
    }

    /** Returns the form of a token for programs, without its secret. */
    public Map<String, @Nullable Object> data(Token token) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", token.name());
        data.put("id", token.id());
        data.put("scope", Token.word(token.scope()));
        data.put("created_by", token.by());
        data.put("created_at", documents.time(token.created()));
        data.put("expires_at", token.expires().map(documents::time).orElse(null));
        data.put("expired", isExpired(token));
        data.put("last_used_at", token.used().map(documents::time).orElse(null));
        return data;
    }

    /** Returns a time for users. */
    public String shown(Optional<Instant> at) {
        return at.map(documents::local).orElse("never");
    }
}
