package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.view.RunDocument;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The command {@code token ls}: lists the tokens without their secrets. */
record TokenLsCommand(Tokens tokens, RunDocument documents, InstantSource clock) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        List<Token> all = tokens.all();
        return Reply.of(
                Map.of("tokens", all.stream().map(view()::data).toList()),
                new Table(
                        List.of(
                                Column.left("name").shrinking(1, 12),
                                Column.left("scope"),
                                Column.left("expires"),
                                Column.left("last used").optional(2),
                                Column.left("by").optional(3)),
                        all.stream().map(this::row).toList(),
                        "no tokens: make one with `leprechaun token new NAME`"),
                all.stream().map(Token::name).toList());
    }

    private List<Cell> row(Token token) {
        return List.of(
                Cell.of(token.name()),
                Cell.of(Token.word(token.scope())),
                view().isExpired(token) ? Cell.of("expired", Style.BAD) : Cell.of(view().shown(token.expires())),
                Cell.of(view().shown(token.used())),
                Cell.of(token.by()));
    }

    private TokenView view() {
        return new TokenView(documents, clock);
    }
}
