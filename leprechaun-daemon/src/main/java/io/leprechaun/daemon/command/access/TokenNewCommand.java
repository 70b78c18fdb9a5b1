package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Access;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command {@code token new}: makes a token, and shows it once. */
record TokenNewCommand(Tokens tokens, RunDocument documents, InstantSource clock) implements Handler.Answer {
    private static final Duration USUAL_LIFE = Duration.ofDays(90);

    @Override
    public Reply to(Arguments arguments, Call call) {
        String name = TokenView.name(arguments.operand(0, "NAME"));
        Access scope = arguments.value("--scope").map(TokenView::scope).orElse(Access.READ);
        Optional<Duration> life = arguments
                .value("--expires")
                .map(text -> text.equals("never") ? Optional.<Duration>empty() : Optional.of(TimeParser.duration(text)))
                .orElse(Optional.of(USUAL_LIFE));
        if (life.filter(Duration::isZero).isPresent()) {
            throw new ProblemException(Problem.usage("invalid duration '0': use 1s to 365d, or never"));
        }
        try {
            Tokens.Issued issued = tokens.issue(name, scope, call.caller().user(), life)
                    .orElseThrow(() -> new ProblemException(Problem.refused("there is a token named " + name
                            + ": revoke it with `leprechaun token revoke " + name + "`, or use another name")));
            var data = view().data(issued.token());
            data.put("token", issued.text());
            return Reply.of(Map.of("token", data), Text.line(issued.text()), List.of(issued.text()))
                    .with(() -> Optional.of(sentence(issued.token())));
        } catch (IOException e) {
            throw notStored("tokens", e);
        }
    }

    private String sentence(Token token) {
        return "store this token, it is not shown again; scope " + Token.word(token.scope())
                + (token.expires().isPresent() ? ", expires " + view().shown(token.expires()) : ", never expires");
    }

    static ProblemException notStored(String what, IOException e) {
        return new ProblemException(new Problem(
                503,
                "Not stored",
                "cannot store the " + what + " (" + e.getMessage() + "): try again",
                ExitCode.REFUSED));
    }

    private TokenView view() {
        return new TokenView(documents, clock);
    }
}
