package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.session.Session;
import io.leprechaun.daemon.session.Sessions;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The command {@code console end}: ends a session and its streams, or all sessions of the caller. */
record ConsoleEndCommand(Sessions sessions) implements Handler.Answer {
    private static final String ALL = "all";

    @Override
    public Reply to(Arguments arguments, Call call) {
        String id = arguments.operand(0, "SESSION");
        try {
            List<String> ended = sessions
                    .end(session -> ConsoleLsCommand.isOf(session, call.caller())
                            && (id.equals(ALL) || session.id().equals(id)))
                    .stream()
                    .map(Session::id)
                    .toList();
            if (ended.isEmpty() && !id.equals(ALL)) {
                throw new ProblemException(
                        Problem.notFound("unknown session '" + id + "': see `leprechaun console ls`"));
            }
            return Reply.of(
                    Map.of("ended", ended),
                    Text.line(
                            ended.size() == 1
                                    ? "session " + ended.getFirst() + " has ended"
                                    : ended.size() + " sessions have ended"),
                    ended);
        } catch (IOException e) {
            throw TokenNewCommand.notStored("sessions", e);
        }
    }
}
