package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Nearest;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.token.Tokens;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The command {@code token revoke}: makes a token invalid, and ends its streams. */
record TokenRevokeCommand(Tokens tokens) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        String name = arguments.operand(0, "NAME");
        try {
            if (!tokens.revoke(name)) {
                var names = tokens.all().stream().map(Token::name).toList();
                throw new ProblemException(Problem.notFound("unknown token '" + name + "'"
                        + Nearest.question(name, names, "", ": see `leprechaun token ls`")));
            }
            return Reply.of(Map.of("revoked", name), Text.line("the token of " + name + " is revoked"), List.of(name));
        } catch (IOException e) {
            throw TokenNewCommand.notStored("tokens", e);
        }
    }
}
