package io.leprechaun.daemon.offline;

import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Screen;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.http.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** The printer of answers, in the same form as the client's. */
public record Printer(OutputOptions options, PrintStream out, PrintStream err) {
    /** Returns a printer of documents as text, of any width and without colours. */
    public static Printer plain(PrintStream out, PrintStream err) {
        return new Printer(new OutputOptions(false, false, false, 0), out, err);
    }

    /** Returns whether documents are printed as JSON. */
    boolean json() {
        return options.json();
    }

    Screen screen() {
        return options.screen();
    }

    /** Prints an answer, and returns its exit code. */
    int print(Reply reply) {
        try {
            switch (reply) {
                case Reply.Document document when options.json() -> Json.write(out, document.data());
                case Reply.Document document
                when options.quiet() -> out.print(Text.lines(document.ids()).render(screen()));
                case Reply.Document document -> out.print(document.text().render(screen()));
                case Reply.Stream stream -> print(stream);
                case Reply.Content content -> content.body().writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
        if (reply instanceof Reply.Document document && !options.json() && !options.quiet()) {
            document.note().get().map(Printable::of).ifPresent(err::println);
        }
        return reply.code().number();
    }

    private void print(Reply.Stream stream) throws IOException {
        stream.body().writeTo(out);
        out.flush();
        if (!options.quiet()) {
            stream.note().get().map(Printable::of).ifPresent(err::println);
        }
    }
}
