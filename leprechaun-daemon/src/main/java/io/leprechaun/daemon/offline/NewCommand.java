package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.startup.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The command {@code new}: writes a first version of a recipe. */
record NewCommand(Loaded loaded, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        Path folder = loaded.settings().recipes();
        try {
            Path file = new NewRecipe(folder, loaded.recipes()).write(arguments);
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.yml$", "");
            var document = Map.of("recipe", name, "file", file.toString());
            return printer.print(Reply.of(document, Text.line(file.toString()), List.of(name)));
        } catch (IOException e) {
            throw new ProblemException(Problem.refused("cannot write a file in " + folder + " (" + Reasons.of(e)
                    + "): create the folder, or run the" + " command as another user"));
        }
    }
}
