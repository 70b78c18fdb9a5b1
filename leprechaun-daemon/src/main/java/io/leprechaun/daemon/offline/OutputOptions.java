package io.leprechaun.daemon.offline;

import io.leprechaun.api.Printable;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Screen;
import io.leprechaun.api.Text;
import io.leprechaun.daemon.http.Json;
import java.io.IOException;
import java.io.PrintStream;

/**
 * How what is asked without a daemon is answered.
 *
 * @param columns how wide; 0: nothing is cut
 */
record OutputOptions(boolean json, boolean quiet, boolean color, int columns) {
    Screen screen() {
        return new Screen(columns == 0 ? Screen.UNBOUNDED : columns, color);
    }

    /** Prints an answer as a daemon's client does, and gives its exit code. */
    int print(Reply reply, PrintStream out, PrintStream err) throws IOException {
        switch (reply) {
            case Reply.Document document when json -> Json.write(out, document.data());
            case Reply.Document document
            when quiet -> out.print(Text.lines(document.ids()).render(screen()));
            case Reply.Document document -> out.print(document.text().render(screen()));
            case Reply.Stream stream -> {
                stream.body().writeTo(out);
                out.flush();
                if (!quiet) {
                    stream.note().get().map(Printable::of).ifPresent(err::println);
                }
            }
        }
        out.flush();
        return reply.code().number();
    }
}
