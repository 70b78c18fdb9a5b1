package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Access;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.session.Session;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.view.RunDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The command {@code console ls}: lists the sessions of the caller, and those of all users for an administrator. */
record ConsoleLsCommand(Sessions sessions, RunDocument documents) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        List<Session> seen = sessions.all().stream()
                .filter(session -> isOf(session, call.caller()))
                .toList();
        return Reply.of(
                Map.of("sessions", seen.stream().map(this::data).toList()),
                new Table(
                        List.of(
                                Column.left("id"),
                                Column.left("user").shrinking(1, 12),
                                Column.left("role"),
                                Column.left("until"),
                                Column.left("since").optional(2),
                                Column.left("from").optional(3),
                                Column.left("by").optional(4)),
                        seen.stream().map(this::row).toList(),
                        "no sessions: begin one with `leprechaun console`"),
                seen.stream().map(Session::id).toList());
    }

    /** Returns whether a caller may see and end a session. */
    static boolean isOf(Session session, Caller caller) {
        return caller.may(Access.ADMINISTER) || session.user().equals(caller.user());
    }

    private Map<String, @Nullable Object> data(Session session) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", session.id());
        data.put("user", session.user());
        data.put("role", Token.word(session.access()));
        data.put("way", session.way());
        data.put("from", session.from());
        data.put("bound_to", session.peer().word());
        data.put("created_at", documents.time(session.created()));
        data.put("expires_at", documents.time(session.expires()));
        return data;
    }

    private List<Cell> row(Session session) {
        return List.of(
                Cell.of(session.id()),
                Cell.of(session.user()),
                Cell.of(Token.word(session.access())),
                Cell.of(documents.local(session.expires())),
                Cell.of(documents.local(session.created())),
                Cell.of(session.from() + ", " + session.peer()),
                Cell.of(session.way()));
    }
}
